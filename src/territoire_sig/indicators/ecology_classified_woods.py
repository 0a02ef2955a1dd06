"""Classified woods and networks: what stands in the woods that the planning document protects?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..overlay import assign_zone, length_within, pieces_inside
from ..texts import Text
from .entrance import in_use, opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, unknown
from .works import classified_woods, planned

__all__ = ["ANALYSIS", "ecology_classified_woods"]

M2_PER_HA = 10_000
OUTPUTS = (
    Output("wood_area_ha", Text("Espaces boisés classés", "Classified woods"), "ha"),
    Output("wood_site_count", Text("Sites mobiles en bois classé", "Mobile sites in classified woods"), "nombre", -1),
    Output(
        "wood_planned_site_count",
        Text("Sites mobiles en projet en bois classé", "Planned mobile sites in classified woods"),
        "nombre",
        -1,
    ),
    Output("wood_cable_m", Text("Câbles optiques en bois classé", "Optical cables in classified woods"), "m", -1),
    Output(
        "wood_planned_cable_m",
        Text("Câbles optiques en projet en bois classé", "Planned optical cables in classified woods"),
        "m",
        -1,
    ),
)


def ecology_classified_woods(
    units: gpd.GeoDataFrame,
    *,
    prescription_surf: gpd.GeoDataFrame | None,
    site_mobile: gpd.GeoDataFrame | None = None,
    cable: gpd.GeoDataFrame | None = None,
) -> Measurement:
    """Count the mobile sites and the metres of cable in the classified woods of each unit.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    prescription_surf : GeoDataFrame or None
        Polygons with ``typepsc``; type 01 is a classified wood.
    site_mobile, cable : GeoDataFrame or None
        Points, lines, with an optional ``etat``; cables given up are not counted.

    Returns
    -------
    Measurement
        ``wood_area_ha``, ``wood_site_count``, ``wood_planned_site_count``, ``wood_cable_m``,
        ``wood_planned_cable_m``. The known share of what is planned is that of the objects, by number or length,
        whose state is stated.

    References
    ----------
    Code de l'urbanisme, art. L. 113-1 and L. 113-2.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 1000, 1000)], index=["1"], crs=2154)
    >>> told = {"typepsc": ["01"]}
    >>> woods = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 200, 500)], crs=2154)
    >>> cables = gpd.GeoDataFrame({"etat": ["projet"]}, geometry=[shapely.LineString([(0, 9), (900, 9)])], crs=2154)
    >>> found = ecology_classified_woods(units, prescription_surf=woods, cable=cables).values.loc["1"]
    >>> found["wood_area_ha"], found["wood_cable_m"], found["wood_planned_cable_m"]
    (np.float64(10.0), np.float64(200.0), np.float64(200.0))
    """
    units, areas, site_mobile, cable = opened_in_bounds(
        units, prescription_surf=prescription_surf, site_mobile=site_mobile, cable=cable
    )
    woods = classified_woods(areas)
    if woods is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    pieces = pieces_inside(units, woods)
    area = pieces.area.reindex(units.index, fill_value=0.0) / M2_PER_HA
    sites, planned_sites = _sites(units, pieces, site_mobile)
    cables, planned_cables = _cables(units, pieces, in_use(cable))
    columns = (Known(area, everywhere(units)), sites, planned_sites, cables, planned_cables)
    return measurement(units, {output.name: column for output, column in zip(OUTPUTS, columns, strict=True)})


def _sites(units: gpd.GeoDataFrame, woods: gpd.GeoDataFrame, sites: gpd.GeoDataFrame | None) -> tuple[Known, Known]:
    """Return the sites in the woods, and those of them that are planned."""
    if sites is None:
        return unknown(units), unknown(units)
    state, unit = planned(sites), assign_zone(sites, woods).to_numpy()
    table = pd.DataFrame(
        {"all": 1.0, "stated": state.notna().astype(float), "planned": state.fillna(False).astype(float)}
    )
    sums = table.groupby(unit).sum().reindex(units.index, fill_value=0.0)
    return (
        Known(sums["all"], everywhere(units)),
        Known(sums["planned"], known_part(sums["stated"], sums["all"], everywhere(units))),
    )


def _cables(units: gpd.GeoDataFrame, woods: gpd.GeoDataFrame, cables: gpd.GeoDataFrame | None) -> tuple[Known, Known]:
    """Return the metres of cable in the woods, and those of them that are planned."""
    if cables is None:
        return unknown(units), unknown(units)
    state = planned(cables)
    metres = [
        length_within(woods, cables[chosen.to_numpy(dtype=bool)]).reindex(units.index, fill_value=0.0)
        for chosen in (state.isna() | True, state.notna(), state.fillna(False))
    ]
    return Known(metres[0], everywhere(units)), Known(metres[2], known_part(metres[1], metres[0], everywhere(units)))


ANALYSIS = Declaration(
    id="ecology_classified_woods",
    title=Text("Espaces boisés classés et réseaux", "Classified woods and networks"),
    summary=Text(
        "Combien de sites mobiles et de mètres de câble, existants ou en projet, sont en espace boisé classé ?",
        "How many mobile sites and metres of cable, existing or planned, stand in classified woods?",
    ),
    policies=(Policy.BIODIVERSITE, Policy.URBANISME, Policy.NUMERIQUE),
    inputs=(Input("prescription_surf"), Input("site_mobile", required=False), Input("cable", required=False)),
    one_of=(("site_mobile", "cable"),),
    outputs=OUTPUTS,
    formula=Text(
        "Bois classés : prescriptions surfaciques de type 01 (CNIG), recouvrements comptés une fois. Sites : nombre de "
        "points dans ces bois, bord compris. Câbles : mètres dans ces bois. En projet : ceux dont l'état le dit. "
        "Exemple : un bois de 200 m × 500 m (10 ha), un câble en projet qui le traverse sur 200 m : 200 m, dont 200 m "
        "en projet.",
        "Classified woods: surface prescriptions of type 01 (CNIG), overlaps counted once. Sites: number of points in "
        "these woods, border included. Cables: metres in these woods. Planned: those whose state says so. Example: a "
        "wood of 200 m × 500 m (10 ha), a planned cable that crosses 200 m of it: 200 m, of which 200 m planned.",
    ),
    reading=Text(
        "200 signifie que 200 m de câble sont dans un espace boisé classé, où tout défrichement est interdit.",
        "200 means that 200 m of cable lie in a classified wood, where clearing is forbidden.",
    ),
    limits=Text(
        "Un câble enterré sous un chemin ne défriche rien : la pose n'est pas lue. Les bois classés en ligne (haies, "
        "alignements) ne sont pas comptés. Sans colonne etat, ce qui est en projet est inconnu.",
        "A cable buried under a path clears nothing: how it was laid is not read. Woods classified as lines (hedges) "
        "are not counted. Without the column etat, what is planned is unknown.",
    ),
    reference="Code de l'urbanisme, art. L. 113-1 et L. 113-2 (espaces boisés classés) ; standard CNIG PLU, "
    "prescription de type 01.",
    function=ecology_classified_woods,
)
