"""Choice of operator: among how many networks can the inhabitants of a place choose?"""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Table
from ..model.policies import Policy
from ..overlay import partition
from ..overlay.checks import geometries
from ..texts import Text
from .entrance import opened_in_bounds
from .exposure import known_population, people_by
from .knowledge import Known, measurement, ratio, reached_share, unknown
from .mobile import COVERAGE_LEVEL, TECHNOLOGIES, Told, covering, together, told_by

__all__ = ["ANALYSIS", "mobile_operator_choice"]

OUTPUTS = (
    Output(
        "operator_choice_mean",
        Text("Nombre moyen d'opérateurs par habitant", "Mean number of operators per inhabitant"),
        "nombre",
        better=1,
    ),
    Output(
        "operator_none_share",
        Text("Part des habitants sans aucun opérateur", "Share of inhabitants without any operator"),
        "part",
        better=-1,
    ),
    Output(
        "operator_one_share",
        Text("Part des habitants d'un seul opérateur", "Share of inhabitants with a single operator"),
        "part",
        better=-1,
    ),
    Output(
        "operator_all_share",
        Text("Part des habitants couverts par tous les opérateurs", "Share of inhabitants whom all operators cover"),
        "part",
        better=1,
    ),
)
COLUMNS = (
    Output("nb_operateurs", Text("Nombre d'opérateurs", "Number of operators"), "nombre"),
    Output("inhabitants", Text("Habitants", "Inhabitants"), "habitants"),
    Output("inhabitants_share", Text("Part des habitants", "Share of inhabitants"), "part"),
)
TABLE = "operator_choice_distribution"


def mobile_operator_choice(
    units: gpd.GeoDataFrame,
    *,
    couverture_mobile: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    generation_min: float = 4.0,
    niveau_couverture: float = 1.0,
) -> Measurement:
    r"""Count the operators among which the inhabitants of each unit may choose.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    couverture_mobile : GeoDataFrame or None
        Polygons with ``operateur`` or ``code_operateur``, ``techno`` and optional ``niveau``.
    population : GeoDataFrame or None
        Polygons with ``habitants``, shared out in proportion to area.
    generation_min : float, default 4
        Oldest technology that counts: 4 for 4G or newer.
    niveau_couverture : float, default 1
        1: any level; 2: good or better; 3: very good.

    Returns
    -------
    Measurement
        ``operator_choice_mean``, ``operator_none_share``, ``operator_one_share`` and ``operator_all_share`` (all the
        operators that the layer names). Places where a polygon of unknown operator, technology or level reaches are
        left out, and the known share says so. The table has one row a number of operators.

    Notes
    -----
    Mean: :math:`\sum_k k\, P_k / \sum_k P_k` with :math:`P_k` the inhabitants whom *k* operators cover.

    References
    ----------
    Code des postes et des communications électroniques, art. L. 32-1 (competition, choice of users).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [100.0]}, geometry=[shapely.box(0, 0, 100, 100)], crs=2154)
    >>> told = {"operateur": ["Orange", "SFR"], "techno": ["4G", "4G"]}
    >>> cover = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 60, 100), shapely.box(40, 0, 80, 100)], crs=2154)
    >>> found = mobile_operator_choice(units, couverture_mobile=cover, population=people).values
    >>> found.loc["1"].round(9).tolist()
    [1.0, 0.2, 0.6, 0.2]
    """
    units, cover, population = opened_in_bounds(units, couverture_mobile=couverture_mobile, population=population)
    told = None if cover is None else told_by(cover)
    wanted = [one for one in TECHNOLOGIES if int(one[0]) >= math.ceil(generation_min)]
    if cover is None or told is None or population is None or not _tells(told, wanted):
        return measurement(
            units, {output.name: unknown(units) for output in OUTPUTS}, tables={TABLE: _table(pd.DataFrame())}
        )
    pieces = _pieces(units, cover, told, wanted, niveau_couverture)
    people = _people(units, pieces, population, told.operators.dropna().nunique())
    columns = _columns(people, reached_share(units, known_population(population)))
    return measurement(units, columns, tables={TABLE: _table(people)})


def _tells(told: Told, wanted: list[str]) -> bool:
    """Tell whether the layer names an operator, and one of the technologies."""
    _, _, named = covering(told, wanted)
    return named and bool(told.operators.notna().any())


def _pieces(
    units: gpd.GeoDataFrame, cover: gpd.GeoDataFrame, told: Told, wanted: list[str], level: float
) -> gpd.GeoDataFrame:
    """Cut the units by number of operators: ``code_unite``, ``number`` (-1 where in doubt) and the geometry."""
    shapes = geometries(cover, "couverture_mobile", "polygon")
    sure, possible, _ = covering(told, wanted, level=level)
    silent = told.operators.isna().to_numpy()
    groups = [
        shapes[sure & (told.operators == name).to_numpy(bool)] for name in sorted(told.operators.dropna().unique())
    ]
    groups.append(shapes[(possible & ~sure) | (possible & silent)])
    there = [together(group) for group in groups]
    covers = [gpd.GeoDataFrame(geometry=list(one), crs=units.crs) for one in there if len(one)]
    cut = partition(units, *covers)
    flags = cut[[f"cover_{rank}" for rank in range(1, len(covers) + 1)]].to_numpy(dtype=bool)
    doubtful = flags[:, -1] if len(there[-1]) else np.zeros(len(cut), dtype=bool)
    number = flags[:, : flags.shape[1] - (1 if len(there[-1]) else 0)].sum(axis=1)
    table = pd.DataFrame({"code_unite": cut["zone"].to_numpy(), "number": np.where(doubtful, -1, number)})
    return gpd.GeoDataFrame(table, geometry=cut.geometry.to_numpy(), crs=units.crs)


def _people(units: gpd.GeoDataFrame, pieces: gpd.GeoDataFrame, population: gpd.GeoDataFrame, most: int) -> pd.DataFrame:
    """Return the inhabitants of each unit, one column a number of operators from -1 (in doubt) to `most`.

    NaN where too much is secret, 0 where nobody is.
    """
    width = most + 2
    group = units.index.get_indexer(pieces["code_unite"]) * width + pieces["number"] + 1
    found = people_by(pieces, group, population).total.reindex(range(len(units) * width), fill_value=0.0)
    return pd.DataFrame(found.to_numpy().reshape(-1, width), index=units.index, columns=range(-1, most + 1))


def _columns(people: pd.DataFrame, reach: pd.Series[float]) -> dict[str, Known]:
    """Return the columns of the analysis, from the inhabitants by number of operators."""
    settled = people.drop(columns=-1)
    told = settled.sum(axis=1, skipna=False)
    everyone = people.sum(axis=1, skipna=False)
    share = (reach * ratio(told, everyone).where(everyone != 0, 1.0)).where(everyone.notna(), 0.0)
    operators = sum((settled[number] * number for number in settled.columns), start=told * 0.0)
    return {
        "operator_choice_mean": Known(operators / told.where(told > 0), share),
        "operator_none_share": Known(ratio(settled[0], told), share),
        "operator_one_share": Known(ratio(settled[1], told), share),
        "operator_all_share": Known(ratio(settled[settled.columns[-1]], told), share),
    }


def _table(people: pd.DataFrame) -> pd.DataFrame:
    """Return the inhabitants of the territory by number of operators; units of unknown number are left out."""
    told = people.dropna().drop(columns=-1, errors="ignore").sum()
    share = told / told.sum() if told.sum() > 0 else told * np.nan
    rows = zip(told.index.astype(float), told.astype(float), share.astype(float), strict=True)
    return pd.DataFrame(list(rows), columns=[column.name for column in COLUMNS])


ANALYSIS = Declaration(
    id="mobile_operator_choice",
    title=Text("Choix de l'opérateur mobile", "Choice of mobile operator"),
    summary=Text(
        "Entre combien d'opérateurs les habitants peuvent-ils choisir là où ils vivent ?",
        "Among how many operators may the inhabitants choose where they live?",
    ),
    policies=(Policy.NUMERIQUE, Policy.INCLUSION),
    inputs=(Input("couverture_mobile"), Input("population")),
    outputs=OUTPUTS,
    tables=(
        Table(
            TABLE,
            Text("Habitants du territoire par nombre d'opérateurs", "Inhabitants of the territory by operators"),
            COLUMNS,
        ),
    ),
    formula=Text(
        "Moyenne = Σ(k × habitants que k opérateurs couvrent) ÷ habitants. Exemple : 100 habitants répartis sur 100 m "
        "; Orange couvre de 0 à 60 m, SFR de 40 à 80 m : 20 habitants en ont deux, 60 un seul, 20 aucun ; "
        "(2 × 20 + 60) ÷ 100 = 1.",
        "Mean = Σ(k × inhabitants whom k operators cover) ÷ inhabitants. Example: 100 inhabitants spread over 100 m; "
        "Orange covers from 0 to 60 m, SFR from 40 to 80 m: 20 inhabitants have both, 60 one, 20 none; "
        "(2 × 20 + 60) ÷ 100 = 1.",
    ),
    reading=Text(
        "0,42 (part) signifie que 42 % des habitants sont dans ce cas ; une moyenne de 2,5 signifie que l'habitant "
        "moyen choisit entre deux et trois réseaux.",
        "0.42 (a share) means that 42 % of the inhabitants are in that case; a mean of 2.5 means that the mean "
        "inhabitant chooses between two and three networks.",
    ),
    limits=Text(
        "Un opérateur compte s'il est nommé dans la couche : un opérateur absent du fichier n'y est pas. Deux "
        "opérateurs peuvent partager les mêmes antennes (itinérance, mutualisation) : le choix commercial n'est pas "
        "une redondance. Les lieux que touche un polygone d'opérateur ou de technologie inconnus sont ôtés du calcul, "
        "et la part connue le dit. La couverture est théorique, à l'extérieur.",
        "An operator counts if the layer names it: one that is not in the file is not there. Two operators may share "
        "the same antennas (roaming, network sharing): a commercial choice is no redundancy. Places that a polygon of "
        "unknown operator or technology reaches are left out, and the known share says so. Coverage is theoretical, "
        "outdoors.",
    ),
    reference="Code des postes et des communications électroniques, art. L. 32-1 (concurrence au bénéfice des "
    "utilisateurs) ; Arcep, décision n° 2016-1678 du 6 décembre 2016 (cartes de couverture mobile).",
    function=mobile_operator_choice,
    apart=False,
    parameters=(
        Parameter(
            "generation_min",
            Text("plus ancienne génération qui compte (4 : 4G ou 5G)", "oldest generation that counts (4: 4G or 5G)"),
            "génération",
            default=4.0,
            minimum=2.0,
            maximum=5.0,
        ),
        COVERAGE_LEVEL,
    ),
)
