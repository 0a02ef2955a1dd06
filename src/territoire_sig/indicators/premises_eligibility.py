"""Premises and fibre: which can really be connected, by ARCEP's rule?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table
from ..model.policies import Policy
from ..model.roles.digital import BUILDING_STATES
from ..overlay import assign_zone
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, unknown
from .premises import ELIGIBILITY_DATE, conditions, eligibility, eligible_share, premises_of, repeated

__all__ = ["ANALYSIS", "premises_eligibility"]

OUTPUTS = (
    Output("premises_count", Text("Locaux du fichier des immeubles", "Premises in the file of buildings"), "locaux"),
    Output(
        "premises_eligible_count",
        Text("Locaux éligibles à la fibre", "Premises eligible for fibre"),
        "locaux",
        better=1,
    ),
    Output(
        "premises_eligible_share",
        Text("Part des locaux éligibles à la fibre", "Share of premises eligible for fibre"),
        "part",
        better=1,
    ),
    Output(
        "buildings_eligible_share",
        Text("Part des immeubles éligibles à la fibre", "Share of buildings eligible for fibre"),
        "part",
        better=1,
    ),
    Output(
        "premises_held_back_count",
        Text(
            "Locaux d'immeubles déployés que le point de mutualisation ou la date retiennent",
            "Premises of deployed buildings held back by the sharing point or the date",
        ),
        "locaux",
        better=-1,
    ),
    Output(
        "premises_repeated_count",
        Text("Lignes d'immeubles écrites une fois de trop", "Rows of buildings written once too many"),
        "nombre",
        better=-1,
    ),
)
COLUMNS = (
    Output("etat", Text("État de l'immeuble", "State of the building"), "texte"),
    Output("buildings", Text("Immeubles", "Buildings"), "nombre"),
    Output("premises", Text("Locaux", "Premises"), "locaux"),
    Output("eligible", Text("Locaux éligibles", "Eligible premises"), "locaux", better=1),
    Output("unknown", Text("Locaux d'éligibilité inconnue", "Premises of unknown eligibility"), "locaux", better=-1),
)
TABLE = "premises_by_state"


def premises_eligibility(
    units: gpd.GeoDataFrame, *, immeuble: gpd.GeoDataFrame | None, date_eligibilite: float = 0.0
) -> Measurement:
    """Count the premises of each unit that are eligible for fibre by ARCEP's rule.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    immeuble : GeoDataFrame or None
        Points with ``etat``, and optional ``locaux``, ``pm_etat``, ``date_commerciale`` and ``id_immeuble``.
    date_eligibilite : float, default 0
        Day (``YYYYMMDD``) by which the commercial opening must have come. With 0, nothing is known of the
        eligibility of a file that has dates.

    Returns
    -------
    Measurement
        ``premises_count``, ``premises_eligible_count``, ``premises_eligible_share`` (0 to 1: the product of the
        shares that meet each condition), ``buildings_eligible_share`` (which needs no number of premises),
        ``premises_held_back_count``,
        ``premises_repeated_count``. The known share is that of the buildings whose premises (and eligibility) are
        known. The table has one row a state of building.

    Raises
    ------
    InvalidValueError
        When two rows of one building disagree.
    ParameterError
        When the day is not one of the calendar.

    Notes
    -----
    Eligible: state «deployed» or «connectable on demand», and sharing point deployed, and opening date come; the
    last two where the file has such a column.

    References
    ----------
    Arcep, decision no. 2009-1106 (sharing point, end of the period before commercial opening); no. 2015-0776.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> told = {"etat": ["deploye", "deploye", "cible"], "pm_etat": ["deploye", "en_cours", "deploye"]}
    >>> told |= {"locaux": [6.0, 1.0, 3.0]}
    >>> homes = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([10, 20, 30], [9, 9, 9]), crs=2154)
    >>> premises_eligibility(units, immeuble=homes).values.loc["1"].tolist()
    [10.0, 6.0, 0.6, 0.3333333333333333, 1.0, nan]
    """
    units, buildings = opened_in_bounds(units, immeuble=immeuble)
    if buildings is None:
        nothing = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nothing, tables={TABLE: _table(pd.DataFrame(), [])})
    copy = repeated(buildings)
    told = _told(buildings, units, date_eligibilite)
    copies = copy.groupby(told["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0).astype(float)
    here = told[~copy & told["code_unite"].notna()]
    asked = [one[here.index] for one in conditions(buildings, date_eligibilite)]
    columns = _columns(units, here, asked) | {"premises_repeated_count": Known(copies, _named(buildings, units))}
    drawn = here[["code_unite", "classe", "geometry"]].reset_index(drop=True)
    return measurement(units, columns, drawn, tables={TABLE: _table(here, list(BUILDING_STATES))})


def _named(buildings: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return 1 where the file names its buildings, and so can tell its copies; 0 elsewhere."""
    return everywhere(units) * float("id_immeuble" in buildings.columns and buildings["id_immeuble"].notna().any())


def _told(buildings: gpd.GeoDataFrame, units: gpd.GeoDataFrame, date_eligibilite: float) -> gpd.GeoDataFrame:
    """Return the buildings with ``code_unite``, ``etat``, ``premises``, ``eligible`` and ``classe``."""
    eligible = eligibility(buildings, date_eligibilite)
    words = {True: "eligible", False: "non_eligible"}
    return buildings[["etat", "geometry"]].assign(
        code_unite=assign_zone(buildings, units),
        premises=premises_of(buildings),
        eligible=eligible,
        classe=eligible.map(words).astype(object).where(eligible.notna(), "inconnu"),
    )


def _columns(units: gpd.GeoDataFrame, here: gpd.GeoDataFrame, asked: list[pd.Series[Any]]) -> dict[str, Known]:
    """Return the columns of the analysis but that of the copies."""
    counted, known = here["premises"].notna(), here["eligible"].notna()
    eligible = here["eligible"].fillna(False).astype(bool)
    premises = here["premises"].fillna(0.0)
    held = known & ~eligible & here["etat"].isin(("deploye", "raccordable_demande"))
    table = pd.DataFrame(
        {
            "all": 1.0,
            "counted": counted.astype(float),
            "both": (counted & known).astype(float),
            "premises": premises,
            "eligible": premises.where(eligible, 0.0),
            "held": premises.where(held, 0.0),
            "told": known.astype(float),
        }
    )
    sums = table.groupby(here["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    there = known_part(sums["counted"], sums["all"], everywhere(units))
    told = known_part(sums["both"], sums["all"], everywhere(units))
    built = pd.Series(1.0, index=here.index)
    share, open_share = (eligible_share(asked, one, here["code_unite"], units.index) for one in (premises, built))
    return {
        "premises_count": Known(sums["premises"], there),
        "premises_eligible_count": Known(sums["eligible"], told),
        "premises_eligible_share": Known(share, told),
        "buildings_eligible_share": Known(open_share, known_part(sums["told"], sums["all"], everywhere(units))),
        "premises_held_back_count": Known(sums["held"], told),
    }


def _table(here: pd.DataFrame, states: list[str]) -> pd.DataFrame:
    """Return the buildings and premises of the territory by state, those that no row names included."""
    rows = []
    for state in states:
        some = here[here["etat"].fillna("inconnu") == state]
        eligible = some["eligible"]
        premises = some["premises"]
        sure = eligible.fillna(False).astype(bool)
        amounts = [float(premises[test].sum()) for test in (premises.notna(), sure, eligible.isna())]
        rows.append((state, float(len(some)), *amounts))
    return pd.DataFrame(rows, columns=[column.name for column in COLUMNS])


ANALYSIS = Declaration(
    id="premises_eligibility",
    title=Text("Locaux éligibles à la fibre", "Premises eligible for fibre"),
    summary=Text(
        "Quels logements et établissements peuvent vraiment être raccordés à la fibre, selon la règle de l'Arcep ?",
        "Which dwellings and establishments can really be connected to fibre, by ARCEP's rule?",
    ),
    policies=(Policy.NUMERIQUE, Policy.URBANISME),
    inputs=(Input("immeuble"),),
    outputs=OUTPUTS,
    tables=(Table(TABLE, Text("Locaux par état d'immeuble", "Premises by state of building"), COLUMNS),),
    formula=Text(
        "Un local est éligible si son immeuble est «déployé» ou «raccordable sur demande», si son point de "
        "mutualisation est déployé et si la date d'ouverture commerciale est passée à date_eligibilite. Part = produit "
        "des parts qui passent chaque condition, parmi les locaux qui passent les précédentes et dont la case est "
        "remplie ; si tout est connu, locaux éligibles ÷ locaux. Exemple : 6 locaux "
        "déployés, point déployé ; 1 local déployé, point en cours ; "
        "3 locaux ciblés : 6 ÷ 10 = 0,6 ; 1 local est retenu par son point de mutualisation.",
        "Premises are eligible if their building is «deployed» or «connectable on demand», if its sharing point is "
        "deployed and if the date of commercial opening has come by date_eligibilite. Share = product of the "
        "shares that meet each condition, among the premises that meet those before and whose cell is filled; where "
        "all is known, eligible premises ÷ premises. Example: 6 deployed, point "
        "deployed; 1 deployed, point under way; 3 targeted: 6 ÷ 10 = 0.6; 1 is held back by its sharing point.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des locaux d'état connu peuvent commander une ligne en fibre.",
        "0.42 means that 42 % of the premises of known state can order a fibre line.",
    ),
    limits=Text(
        "Sans colonne pm_etat ou date_commerciale, ces conditions ne sont pas posées : l'éligibilité est alors celle "
        "de l'immeuble seul. Une case vide est inconnue. Sans date_eligibilite, l'éligibilité d'un fichier qui porte "
        "des dates est inconnue : le jour du calcul n'est jamais pris. Deux lignes identiques d'un immeuble "
        "comptent une fois, et sont comptées ; deux lignes qui se contredisent arrêtent le calcul. Éligible ne dit pas "
        "que le raccordement réussira. Le fichier ouvert de l'Arcep ne donne qu'une classe de taille : la part des "
        "immeubles est alors seule connue.",
        "Without a column pm_etat or date_commerciale these conditions are not asked: eligibility is then that of the "
        "building alone. A blank cell is unknown. Without date_eligibilite, the eligibility of a file that has dates "
        "is unknown: the day of the run is never taken. Two identical rows of a building count once, and are "
        "counted; two rows that disagree stop the run. Eligible does not say that the connection will succeed. "
        "The open file of ARCEP gives but a class of size: the share of buildings alone is then known.",
    ),
    reference="Arcep, décisions n° 2009-1106 du 22 décembre 2009 et n° 2015-0776 du 2 juillet 2015 (point de "
    "mutualisation, échange d'informations) ; Arcep, notice du fichier des immeubles.",
    function=premises_eligibility,
    apart=False,
    parameters=(ELIGIBILITY_DATE,),
    map_classes={
        "eligible": (Text("éligible à la fibre", "eligible for fibre"), "#0072b2"),
        "non_eligible": (Text("pas encore éligible", "not eligible yet"), "#d55e00"),
        "inconnu": (Text("éligibilité inconnue", "unknown eligibility"), "#999999"),
    },
)
