"""Remote control of public buildings: which have a network to be controlled from a distance?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..overlay import assign_zone, within
from ..texts import Text
from .entrance import opened_in_bounds
from .fibre import READY, READY_RATE, UNKNOWN, rated, readiness
from .knowledge import Known, everywhere, known_part, measurement, ratio, unknown

__all__ = ["ANALYSIS", "energy_remote_control"]

KWH_PER_MWH = 1000
FIBRE, RADIO, NONE = "fibre", "radio", "aucun_reseau"
OUTPUTS = (
    Output("control_building_count", Text("Bâtiments publics", "Public buildings"), "nombre"),
    Output(
        "control_connected_share",
        Text("Part des bâtiments qu'un réseau permet de piloter", "Share of buildings that a network lets control"),
        "part",
        better=1,
    ),
    Output(
        "control_fibre_share",
        Text("Part des bâtiments où la fibre est prête", "Share of buildings where fibre is ready"),
        "part",
        better=1,
    ),
    Output(
        "control_unconnected_mwh",
        Text("Énergie des bâtiments sans réseau pour les piloter", "Energy of buildings without a network"),
        "MWh/an",
        better=-1,
    ),
    Output(
        "control_planned_unconnected_count",
        Text("Bâtiments à piloter (GTB) sans réseau", "Buildings to control (BMS) without a network"),
        "nombre",
        better=-1,
    ),
)


def energy_remote_control(
    units: gpd.GeoDataFrame,
    *,
    batiment_public: gpd.GeoDataFrame | None,
    couverture_fixe: gpd.GeoDataFrame | None = None,
    couverture_mobile: gpd.GeoDataFrame | None = None,
    taux_pret: float = 0.8,
) -> Measurement:
    """Count the public buildings that fibre or a mobile network lets control from a distance.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    batiment_public : GeoDataFrame or None
        Points with optional ``gestion_technique`` and ``consommation_kwh``.
    couverture_fixe, couverture_mobile : GeoDataFrame or None
        Polygons with the fibre rate; polygons of coverage, any operator and technology.
    taux_pret : float, default 0.8
        Share of premises passed from which fibre is called ready.

    Returns
    -------
    Measurement
        ``control_building_count``, ``control_connected_share``, ``control_fibre_share``,
        ``control_unconnected_mwh``, ``control_planned_unconnected_count``. Known shares are those of the buildings
        whose two networks (and use, or remote control) are known: one of which a single network is known would count
        when it is connected, and never when it is not. NaN without one of the two layers.

    References
    ----------
    Code de la construction et de l'habitation, art. R. 175-1 to R. 175-6.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 99, 99)], index=["1"], crs=2154)
    >>> told = {"consommation_kwh": [5000.0, 7000.0], "gestion_technique": [True, True]}
    >>> halls = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([5, 90], [5, 5]), crs=2154)
    >>> fibre = gpd.GeoDataFrame({"taux_fibre": [0.5]}, geometry=[shapely.box(0, 0, 99, 99)], crs=2154)
    >>> radio = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 50, 99)], crs=2154)
    >>> found = energy_remote_control(units, batiment_public=halls, couverture_fixe=fibre, couverture_mobile=radio)
    >>> found.values.loc["1"].tolist()
    [2.0, 0.5, 0.0, 7.0, 1.0]
    """
    units, buildings, fixed, mobile = opened_in_bounds(
        units, batiment_public=batiment_public, couverture_fixe=couverture_fixe, couverture_mobile=couverture_mobile
    )
    if buildings is None or (fixed is None and mobile is None):
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    told = _told(buildings, units, fixed, mobile, taux_pret)
    inside = told[told["code_unite"].notna()].reset_index(drop=True)
    sums = _sums(inside).reindex(units.index, fill_value=0.0)
    return measurement(units, _columns(units, sums), inside[["nom", "classe", "code_unite", "geometry"]])


def _told(
    buildings: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    fixed: gpd.GeoDataFrame | None,
    mobile: gpd.GeoDataFrame | None,
    taux_pret: float,
) -> gpd.GeoDataFrame:
    """Return the buildings with the state of fibre there, and the network that lets control them."""
    fibre = pd.Series(UNKNOWN, index=buildings.index, dtype=object)
    if fixed is not None:
        rates = rated(fixed)
        fibre = readiness(assign_zone(buildings, rates).map(rates["taux"]).astype(float), taux_pret)
    covered = pd.Series(False, index=buildings.index) if mobile is None else within(buildings, mobile)
    sure = (fibre != UNKNOWN) & (mobile is not None)
    name = buildings["nom"] if "nom" in buildings.columns else pd.Series("", index=buildings.index)
    use = buildings["consommation_kwh"] if "consommation_kwh" in buildings.columns else np.nan
    remote = buildings["gestion_technique"] if "gestion_technique" in buildings.columns else pd.NA
    return gpd.GeoDataFrame(
        {
            "nom": name.astype("string").fillna("").astype(object),
            "code_unite": assign_zone(buildings, units),
            "fibre": fibre,
            "sure": sure,
            "use": pd.Series(use, index=buildings.index).astype(float),
            "remote": pd.Series(remote, index=buildings.index).astype("boolean"),
            "classe": np.select([fibre == READY, covered, sure], [FIBRE, RADIO, NONE], UNKNOWN),
        },
        geometry=buildings.geometry.array,
        crs=buildings.crs,
    )


def _sums(told: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return by unit the counts and amounts from which the columns are made."""
    known, none = told["sure"], told["classe"] == NONE
    metered, stated = known & told["use"].notna(), known & told["remote"].notna()
    table = pd.DataFrame(
        {
            "all": 1.0,
            "known": known,
            "connected": known & ~none,
            "rated": told["fibre"] != UNKNOWN,
            "fibre": told["fibre"] == READY,
            "metered": metered,
            "use": told["use"].where(metered & none, 0.0) / KWH_PER_MWH,
            "stated": stated,
            "planned": (stated & none & told["remote"].fillna(False)).astype(bool),
        }
    ).astype(float)
    return table.groupby(told["code_unite"].to_numpy()).sum()


def _columns(units: gpd.GeoDataFrame, sums: pd.DataFrame) -> dict[str, Known]:
    """Return the columns by unit."""
    every = everywhere(units)
    return {
        "control_building_count": Known(sums["all"], every),
        "control_connected_share": Known(
            ratio(sums["connected"], sums["known"]), known_part(sums["known"], sums["all"], every)
        ),
        "control_fibre_share": Known(
            ratio(sums["fibre"], sums["rated"]), known_part(sums["rated"], sums["all"], every)
        ),
        "control_unconnected_mwh": Known(sums["use"], known_part(sums["metered"], sums["all"], every)),
        "control_planned_unconnected_count": Known(sums["planned"], known_part(sums["stated"], sums["all"], every)),
    }


ANALYSIS = Declaration(
    id="energy_remote_control",
    title=Text("Pilotage à distance des bâtiments publics", "Remote control of public buildings"),
    summary=Text(
        "Quelle part des bâtiments publics la fibre ou un réseau radio permet-elle de piloter à distance ?",
        "What share of public buildings does fibre or a radio network let control from a distance?",
    ),
    policies=(Policy.ENERGIE, Policy.NUMERIQUE),
    inputs=(
        Input("batiment_public"),
        Input("couverture_fixe", required=False),
        Input("couverture_mobile", required=False),
    ),
    one_of=(("couverture_fixe", "couverture_mobile"),),
    outputs=OUTPUTS,
    formula=Text(
        "Un bâtiment est raccordé si le taux de fibre de sa commune atteint taux_pret ou s'il est sous couverture "
        "mobile. Il est sans réseau si l'on sait que ni l'un ni l'autre n'y est. Part = raccordés ÷ bâtiments "
        "dont les deux réseaux sont connus. Exemple : fibre à 50 %, deux bâtiments, dont un sous "
        "couverture mobile : 1 ÷ 2 = 0,5.",
        "A building is connected if the fibre rate of its commune reaches taux_pret or if it lies in mobile coverage. "
        "It has no network if both are known to be absent. Share = connected ÷ buildings whose two networks are "
        "known. Example: fibre at 50 %, two buildings, one of them in mobile coverage: 1 ÷ 2 = 0.5.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des bâtiments publics dont les deux réseaux sont connus peuvent être pilotés à "
        "distance.",
        "0.42 means that 42 % of the public buildings whose two networks are known can be controlled from a distance.",
    ),
    limits=Text(
        "La couverture mobile est théorique et à l'extérieur ; la fibre est celle de la commune, non du bâtiment. Les "
        "réseaux d'objets (LoRaWAN, NB-IoT) et le cuivre, qui peuvent suffire, ne sont pas lus. Sans l'une des deux "
        "couches, fixe ou mobile, la part des bâtiments raccordés est inconnue : on ne saurait dire lesquels ne le "
        "sont pas.",
        "Mobile coverage is theoretical and outdoors; fibre is that of the commune, not of the building. Networks of "
        "things (LoRaWAN, NB-IoT) and copper, which may do, are not read. Without one of the two layers, fixed or "
        "mobile, the share of connected buildings is unknown: which are not could not be told.",
    ),
    reference="Code de la construction et de l'habitation, art. R. 175-1 à R. 175-6 (systèmes d'automatisation et de "
    "contrôle) ; décret n° 2020-887 du 20 juillet 2020 (décret BACS), modifié par le décret n° 2023-259.",
    function=energy_remote_control,
    parameters=(READY_RATE,),
    map_classes={
        FIBRE: (Text("fibre prête", "fibre ready"), "#009e73"),
        RADIO: (Text("réseau radio", "radio network"), "#56b4e9"),
        NONE: (Text("aucun réseau", "no network"), "#d55e00"),
        UNKNOWN: (Text("réseau inconnu", "unknown network"), "#999999"),
    },
)
