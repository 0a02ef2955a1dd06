"""Schools and fibre: which pupils learn where fibre has not come?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import assign_zone
from ..texts import Text
from .entrance import opened
from .fibre import NOT_READY, READY, READY_CLASSES, READY_RATE, UNKNOWN, rated, readiness
from .knowledge import Known, everywhere, known_part, measurement, ratio, unknown

__all__ = ["ANALYSIS", "school_fibre"]

OUTPUTS = (
    Output("school_count", Text("Établissements scolaires", "Schools"), "nombre"),
    Output(
        "school_ready_count",
        Text("Établissements prêts pour la fibre", "Schools ready for fibre"),
        "nombre",
        better=1,
    ),
    Output(
        "school_ready_share",
        Text("Part des établissements prêts pour la fibre", "Share of schools ready for fibre"),
        "part",
        better=1,
    ),
    Output(
        "school_not_ready_pupils",
        Text("Élèves d'établissements non prêts pour la fibre", "Pupils of schools not ready for fibre"),
        "élèves",
        better=-1,
    ),
    Output(
        "school_not_ready_pupil_share",
        Text("Part des élèves en établissement non prêt pour la fibre", "Share of pupils in schools not ready"),
        "part",
        better=-1,
    ),
)


def school_fibre(
    units: gpd.GeoDataFrame,
    *,
    etablissement_scolaire: gpd.GeoDataFrame | None,
    couverture_fixe: gpd.GeoDataFrame | None,
    taux_pret: float = 0.8,
) -> Measurement:
    """Count the schools ready for fibre, and the pupils of those that are not.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    etablissement_scolaire : GeoDataFrame or None
        Points, with optional ``fibre`` (whether the school itself is connected) and ``eleves``.
    couverture_fixe : GeoDataFrame or None
        Polygons with ``taux_fibre``, or ``locaux`` and ``locaux_raccordables``.
    taux_pret : float, default 0.8
        Share of premises passed from which a school whose own state is unknown is called ready.

    Returns
    -------
    Measurement
        ``school_count``, ``school_ready_count``, ``school_ready_share``, ``school_not_ready_pupils``,
        ``school_not_ready_pupil_share``. The known share is that of the schools whose state (and pupils, for
        the last two) is known. Shares are NaN where the unit has no school.

    Notes
    -----
    Ready: ``fibre`` is true, or is unknown and the rate of premises passed there reaches ``taux_pret``.

    References
    ----------
    Code de l'éducation, art. L. 213-2, L. 214-6 and L. 312-9.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> told = {"fibre": [True, None], "eleves": [300.0, 100.0]}
    >>> schools = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([10, 20], [10, 20]), crs=2154)
    >>> fibre = gpd.GeoDataFrame({"taux_fibre": [0.5]}, geometry=[shapely.box(0, 0, 100, 100)], crs=2154)
    >>> school_fibre(units, etablissement_scolaire=schools, couverture_fixe=fibre).values.loc["1"].tolist()
    [2.0, 1.0, 0.5, 100.0, 0.25]
    """
    units, schools, couverture_fixe = opened(
        units, etablissement_scolaire=etablissement_scolaire, couverture_fixe=couverture_fixe
    )
    if schools is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    told = _told(schools, units, couverture_fixe, taux_pret)
    return measurement(units, _columns(units, told), told[told["code_unite"].notna()].reset_index(drop=True))


def _told(
    schools: gpd.GeoDataFrame, units: gpd.GeoDataFrame, couverture_fixe: gpd.GeoDataFrame | None, taux_pret: float
) -> gpd.GeoDataFrame:
    """Return the schools with ``code_unite``, ``classe`` and ``eleves`` (NaN: unknown)."""
    pupils = schools["eleves"] if "eleves" in schools.columns else np.nan
    shown = [name for name in ("uai", "nom") if name in schools.columns]
    return schools[[*shown, "geometry"]].assign(
        code_unite=assign_zone(schools, units),
        classe=_class(schools, couverture_fixe, taux_pret),
        eleves=pd.Series(pupils, index=schools.index).astype(float),
    )


def _class(schools: gpd.GeoDataFrame, couverture_fixe: gpd.GeoDataFrame | None, taux_pret: float) -> pd.Series[str]:
    """Return the state of each school: its own where it is known, else that of the rate around it."""
    around = pd.Series(UNKNOWN, index=schools.index, dtype=object)
    if couverture_fixe is not None:
        rates = rated(couverture_fixe)
        around = readiness(assign_zone(schools, rates).map(rates["taux"]).astype(float), taux_pret)
    if "fibre" not in schools.columns:
        return around
    own = schools["fibre"].astype("boolean").map({True: READY, False: NOT_READY})
    state: pd.Series[str] = own.astype(object).where(own.notna(), around)
    return state


def _columns(units: gpd.GeoDataFrame, told: gpd.GeoDataFrame) -> dict[str, Known]:
    """Return the columns of the analysis, from the state of each school."""
    known, counted = told["classe"] != UNKNOWN, told["eleves"].notna()
    pupils = told["eleves"].where(known & counted, 0.0)
    table = pd.DataFrame(
        {
            "all": 1.0,
            "known": known.astype(float),
            "ready": (told["classe"] == READY).astype(float),
            "counted": (known & counted).astype(float),
            "pupils": pupils,
            "lacking": pupils.where(told["classe"] == NOT_READY, 0.0),
        }
    )
    sums = table.groupby(told["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    state = known_part(sums["known"], sums["all"], everywhere(units))
    roll = known_part(sums["counted"], sums["all"], everywhere(units))
    return {
        "school_count": Known(sums["all"], everywhere(units)),
        "school_ready_count": Known(sums["ready"], state),
        "school_ready_share": Known(ratio(sums["ready"], sums["known"]), state),
        "school_not_ready_pupils": Known(sums["lacking"], roll),
        "school_not_ready_pupil_share": Known(ratio(sums["lacking"], sums["pupils"]), roll),
    }


ANALYSIS = Declaration(
    id="school_fibre",
    title=Text("Établissements scolaires et fibre", "Schools and fibre"),
    summary=Text(
        "Quels établissements scolaires, et combien d'élèves, sont là où la fibre n'est pas encore au rendez-vous ?",
        "Which schools, and how many pupils, are where fibre has not come yet?",
    ),
    policies=(Policy.EDUCATION, Policy.NUMERIQUE),
    family=Family.SOCIAL,
    inputs=(Input("etablissement_scolaire"), Input("couverture_fixe")),
    outputs=OUTPUTS,
    formula=Text(
        "Un établissement est prêt s'il est raccordé (colonne fibre) ou, quand on ne le sait pas, si le taux de locaux "
        "raccordables de sa commune atteint taux_pret. Part = établissements prêts ÷ établissements d'état connu. "
        "Exemple : une école de 300 élèves raccordée, une de 100 qui ne l'est pas, une d'état inconnu : 1 ÷ 2 = 0,5 ; "
        "élèves non prêts 100, soit 100 ÷ 400 = 0,25.",
        "A school is ready if it is connected (column fibre) or, where that is unknown, if the rate of premises passed "
        "in its commune reaches taux_pret. Share = schools ready ÷ schools whose state is known. Example: a "
        "school of 300 pupils connected, one of 100 that is not, one of unknown state: 1 ÷ 2 = 0.5; pupils not ready "
        "100, that is 100 ÷ 400 = 0.25.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des établissements d'état connu sont prêts pour la fibre.",
        "0.42 means that 42 % of the schools whose state is known are ready for fibre.",
    ),
    limits=Text(
        "Sans la colonne fibre, l'état est celui de la commune, non celui de l'établissement. Un établissement dont "
        "l'effectif est inconnu ne compte pas dans les élèves : la part connue le dit.",
        "Without the column fibre, the state is that of the commune, not of the school. A school whose number of "
        "pupils is unknown is left out of the pupils: the known share says so.",
    ),
    reference="Code de l'éducation, art. L. 213-2 et L. 214-6 (équipement des collèges et des lycées), art. L. 312-9 "
    "(formation au numérique) ; plan France Très Haut Débit.",
    function=school_fibre,
    parameters=(READY_RATE,),
    map_classes=READY_CLASSES,
)
