"""Fibre announced and fibre open: does what the commune's rate tells match the file of buildings?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..overlay import assign_zone
from ..texts import Text
from .entrance import opened_in_bounds
from .fibre import rated
from .knowledge import Known, everywhere, known_part, measurement, ratio, unknown
from .premises import ELIGIBILITY_DATE, conditions, counted_once, eligibility, eligible_share, premises_of

__all__ = ["ANALYSIS", "fibre_announced_open"]

#: States of a building that the operator has announced, and not opened yet.
ANNOUNCED_STATES = ("cible", "signe", "en_cours")

OUTPUTS = (
    Output(
        "fibre_announced_share",
        Text("Part des locaux annoncés raccordables", "Share of premises announced as passed"),
        "part",
        better=1,
    ),
    Output(
        "fibre_open_share",
        Text("Part des locaux réellement ouverts", "Share of premises really open"),
        "part",
        better=1,
    ),
    Output(
        "fibre_announced_gap",
        Text("Écart entre part annoncée et part ouverte", "Gap between the share announced and the share open"),
        "points",
        better=-1,
        minimum=-1.0,
    ),
    Output(
        "fibre_announced_closed_count",
        Text("Locaux annoncés de trop", "Premises announced in excess"),
        "locaux",
        better=-1,
        minimum=None,
    ),
    Output(
        "fibre_targeted_closed_count",
        Text("Locaux d'immeubles ciblés, signés ou en cours, pas encore ouverts", "Premises targeted, not open yet"),
        "locaux",
        better=-1,
    ),
)


def fibre_announced_open(
    units: gpd.GeoDataFrame,
    *,
    couverture_fixe: gpd.GeoDataFrame | None,
    immeuble: gpd.GeoDataFrame | None,
    date_eligibilite: float = 0.0,
) -> Measurement:
    r"""Compare the premises that the communes' rates announce with those that the file of buildings says are open.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    couverture_fixe : GeoDataFrame or None
        Polygons with ``taux_fibre``, or ``locaux`` and ``locaux_raccordables``.
    immeuble : GeoDataFrame or None
        Points with ``etat``, and optional ``locaux``, ``pm_etat``, ``date_commerciale`` and ``id_immeuble``.
    date_eligibilite : float, default 0
        Day (``YYYYMMDD``) by which the commercial opening must have come.

    Returns
    -------
    Measurement
        ``fibre_announced_share`` and ``fibre_open_share`` (0 to 1), their difference ``fibre_announced_gap`` (-1 to
        1), the same in premises (``fibre_announced_closed_count``, negative where more is open than announced), and
        ``fibre_targeted_closed_count``. All but the last rest on the buildings whose premises and rate are known; the
        known share is their part among the buildings, and of those whose eligibility is known as well for what is
        open.

    Notes
    -----
    :math:`\sum_b n_b\, r_b / \sum_b n_b` against :math:`\sum_b n_b\, e_b / \sum_b n_b`, with :math:`n_b` the premises
    of building *b*, :math:`r_b` the rate of its commune, and :math:`e_b` 1 if it is eligible, else 0; where some are
    of unknown eligibility, the open share is that of ``premises_eligibility``.

    References
    ----------
    Arcep, observatory of fixed deployment; Arcep, file of buildings.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> rates = gpd.GeoDataFrame({"taux_fibre": [0.8]}, geometry=[shapely.box(0, 0, 100, 100)], crs=2154)
    >>> told = {"etat": ["deploye", "cible"], "locaux": [6.0, 4.0]}
    >>> homes = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([10, 20], [9, 9]), crs=2154)
    >>> fibre_announced_open(units, couverture_fixe=rates, immeuble=homes).values.loc["1"].round(9).tolist()
    [0.8, 0.6, 0.2, 2.0, 4.0]
    """
    units, rates, buildings = opened_in_bounds(units, couverture_fixe=couverture_fixe, immeuble=immeuble)
    if rates is None or buildings is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    buildings = counted_once(buildings)
    told = _told(buildings, units, rated(rates), date_eligibilite)
    return measurement(units, _columns(units, told, conditions(buildings, date_eligibilite)))


def _told(
    buildings: gpd.GeoDataFrame, units: gpd.GeoDataFrame, rates: gpd.GeoDataFrame, date_eligibilite: float
) -> pd.DataFrame:
    """Return the buildings with ``code_unite``, ``premises``, ``rate``, ``open`` (0, 1, NaN) and ``targeted``."""
    rate = assign_zone(buildings, rates).map(rates["taux"]).astype(float) if len(rates) else np.nan
    return pd.DataFrame(
        {
            "code_unite": assign_zone(buildings, units),
            "premises": premises_of(buildings),
            "rate": pd.Series(rate, index=buildings.index),
            "open": eligibility(buildings, date_eligibilite).astype("Float64").to_numpy(float, na_value=np.nan),
            "targeted": buildings["etat"].isin(ANNOUNCED_STATES),
            "stated": buildings["etat"].notna() & (buildings["etat"] != "inconnu"),
        }
    )


def _columns(units: gpd.GeoDataFrame, told: pd.DataFrame, asked: list[pd.Series[Any]]) -> dict[str, Known]:
    """Return the columns of the analysis, from the buildings."""
    rated_ones = told[["premises", "rate"]].notna().all(axis=1)
    compared = rated_ones & told["open"].notna()
    counted = told["premises"].notna() & told["stated"]
    table = pd.DataFrame(
        {
            "all": 1.0,
            "rated": rated_ones.astype(float),
            "known": compared.astype(float),
            "counted": counted.astype(float),
            "premises": told["premises"].where(rated_ones, 0.0),
            "announced": (told["premises"] * told["rate"]).where(rated_ones, 0.0),
            "targeted": told["premises"].where(counted & told["targeted"], 0.0),
        }
    )
    sums = table.groupby(told["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    share = known_part(sums["known"], sums["all"], everywhere(units))
    announced = ratio(sums["announced"], sums["premises"])
    really = eligible_share(asked, table["premises"], told["code_unite"], units.index)
    return {
        "fibre_announced_share": Known(announced, known_part(sums["rated"], sums["all"], everywhere(units))),
        "fibre_open_share": Known(really, share),
        "fibre_announced_gap": Known(announced - really, share),
        "fibre_announced_closed_count": Known((announced - really) * sums["premises"], share),
        "fibre_targeted_closed_count": Known(
            sums["targeted"], known_part(sums["counted"], sums["all"], everywhere(units))
        ),
    }


ANALYSIS = Declaration(
    id="fibre_announced_open",
    title=Text("Fibre annoncée, fibre ouverte", "Fibre announced, fibre open"),
    summary=Text(
        "Le taux annoncé par commune correspond-il aux locaux réellement ouverts dans le fichier des immeubles ?",
        "Does the rate announced by commune match the premises really open in the file of buildings?",
    ),
    policies=(Policy.NUMERIQUE, Policy.INCLUSION),
    inputs=(Input("couverture_fixe"), Input("immeuble")),
    outputs=OUTPUTS,
    formula=Text(
        "Part annoncée = Σ(locaux de l'immeuble × taux de sa commune) ÷ locaux ; part ouverte = locaux éligibles "
        "(règle de l'Arcep, voir premises_eligibility) ÷ locaux ; écart = annoncée − ouverte ; locaux "
        "annoncés de trop = écart × locaux de taux connu. Exemple : une commune à "
        "0,8 ; 6 locaux déployés et 4 ciblés : 0,8 annoncé, 0,6 ouvert, écart 0,2, soit 2 locaux.",
        "Announced share = Σ(premises of the building × rate of its commune) ÷ premises; open share = eligible "
        "premises (ARCEP's rule, see premises_eligibility) ÷ premises; gap = announced − open; premises in "
        "excess = gap × premises of known rate. Example: a commune at "
        "0.8; 6 premises deployed and 4 targeted: 0.8 announced, 0.6 open, gap 0.2, that is 2 premises.",
    ),
    reading=Text(
        "Un écart de 0,42 signifie que 42 % des locaux sont annoncés raccordables sans être ouverts ; un écart "
        "négatif, que le fichier des immeubles est en avance sur le taux publié.",
        "A gap of 0.42 means that 42 % of the premises are announced as passed and not open; a negative gap, that the "
        "file of buildings is ahead of the published rate.",
    ),
    limits=Text(
        "Le taux et le fichier doivent être du même trimestre : un écart peut venir de deux millésimes, ou de locaux "
        "que le fichier ne compte pas. Le taux d'une commune est porté par chacun de ses immeubles. Un immeuble de "
        "nombre de locaux ou de taux inconnus est laissé de côté, et la part connue le dit ; où l'éligibilité manque, "
        "la part ouverte est celle de premises_eligibility. Sans date_eligibilite, rien n'est dit d'ouvert d'un "
        "fichier qui porte des dates. Un immeuble écrit deux fois compte une fois.",
        "Rate and file must be of the same quarter: a gap may come from two vintages, or from premises that the file "
        "does not count. The rate of a commune is borne by each of its buildings. A building whose premises or rate "
        "are unknown is left out, and the known share says so; where eligibility is missing, the open share is that of "
        "premises_eligibility. Without date_eligibilite, nothing is called open in a file that has dates. A building "
        "written twice counts once.",
    ),
    reference="Arcep, observatoire des déploiements fixes (taux par commune) ; Arcep, décision n° 2015-0776 du "
    "2 juillet 2015 (échange d'informations sur les immeubles) ; Code des postes et des communications électroniques, "
    "art. L. 33-13.",
    function=fibre_announced_open,
    apart=False,
    parameters=(ELIGIBILITY_DATE,),
)
