"""Schools, fibre and 4G indoors: which have both, which have neither, and how many pupils learn there?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..overlay import assign_zone
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, ratio, unknown
from .premises import ELIGIBILITY_DATE
from .school_states import BUILDING_DISTANCE, INDOOR_LEVEL, fibre_state, indoor_4g_state, pupils_of

__all__ = ["ANALYSIS", "school_connectivity"]

OUTPUTS = (
    Output(
        "school_fibre_share",
        Text("Part des établissements éligibles à la fibre", "Share of schools eligible for fibre"),
        "part",
        better=1,
    ),
    Output(
        "school_4g_indoor_share",
        Text("Part des établissements avec la 4G à l'intérieur", "Share of schools with 4G indoors"),
        "part",
        better=1,
    ),
    Output(
        "school_both_share",
        Text("Part des établissements avec fibre et 4G à l'intérieur", "Share of schools with fibre and 4G indoors"),
        "part",
        better=1,
    ),
    Output(
        "school_neither_count",
        Text("Établissements sans fibre ni 4G à l'intérieur", "Schools without fibre nor 4G indoors"),
        "nombre",
        better=-1,
    ),
    Output(
        "school_neither_pupils",
        Text("Élèves sans fibre ni 4G à l'intérieur", "Pupils without fibre nor 4G indoors"),
        "élèves",
        better=-1,
    ),
    Output(
        "school_both_pupil_share",
        Text("Part des élèves avec fibre et 4G à l'intérieur", "Share of pupils with fibre and 4G indoors"),
        "part",
        better=1,
    ),
)


def school_connectivity(
    units: gpd.GeoDataFrame,
    *,
    etablissement_scolaire: gpd.GeoDataFrame | None,
    immeuble: gpd.GeoDataFrame | None = None,
    couverture_mobile: gpd.GeoDataFrame | None = None,
    distance_immeuble_m: float = 100.0,
    niveau_interieur: float = 2.0,
    date_eligibilite: float = 0.0,
) -> Measurement:
    """Measure the schools that can have fibre, those that have 4G indoors, and the pupils concerned.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    etablissement_scolaire : GeoDataFrame or None
        Points, with optional ``fibre`` (the school itself is connected) and ``eleves``.
    immeuble : GeoDataFrame or None
        Points of the file of buildings; the nearest one tells for a school that does not tell itself.
    couverture_mobile : GeoDataFrame or None
        Polygons with ``techno`` and ``niveau``.
    distance_immeuble_m : float, default 100
        Distance within which the nearest building is taken for that of the school.
    niveau_interieur : float, default 2
        Level taken to hold indoors: 2 good or better, 3 very good.
    date_eligibilite : float, default 0
        Day (``YYYYMMDD``) by which the commercial opening must have come.

    Returns
    -------
    Measurement
        ``school_fibre_share``, ``school_4g_indoor_share``, ``school_both_share`` (0 to 1, of the schools whose state is
        known; NaN where there is none), ``school_neither_count``, ``school_neither_pupils`` and
        ``school_both_pupil_share``. The known share is that of the schools whose state (and pupils) is known.

    Notes
    -----
    Both and neither are told of the schools whose two states are known: one that lacks one of them surely has not
    both, but to count it alone would lean to «no».

    References
    ----------
    Code de l'éducation, art. L. 312-9; Arcep, decision no. 2016-1678 (levels of mobile coverage).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> told = {"fibre": [True, True, False, False], "eleves": [100.0, 200.0, 300.0, 400.0]}
    >>> schools = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([10, 60, 20, 90], [9] * 4), crs=2154)
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"], "niveau": ["TBC"]}, geometry=[shapely.box(0, 0, 50, 100)], crs=2154)
    >>> found = school_connectivity(units, etablissement_scolaire=schools, couverture_mobile=cover)
    >>> found.values.loc["1"].tolist()
    [0.5, 0.5, 0.25, 1.0, 400.0, 0.1]
    """
    units, schools, buildings, cover = opened_in_bounds(
        units, etablissement_scolaire=etablissement_scolaire, immeuble=immeuble, couverture_mobile=couverture_mobile
    )
    if schools is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    fibre = fibre_state(schools, buildings, distance_immeuble_m, date_eligibilite)
    indoor = indoor_4g_state(schools, cover, niveau_interieur)
    known = fibre.notna() & indoor.notna()
    told = schools[["geometry"]].assign(
        code_unite=assign_zone(schools, units),
        fibre=fibre,
        mobile=indoor,
        both=(fibre & indoor).where(known),
        neither=(~(fibre | indoor)).where(known),
        pupils=pupils_of(schools),
        classe=_classes(fibre, indoor),
    )
    drawn = told[told["code_unite"].notna()][["code_unite", "classe", "geometry"]].reset_index(drop=True)
    return measurement(units, _columns(units, told), drawn)


def _classes(fibre: pd.Series[bool], indoor: pd.Series[bool]) -> pd.Series[str]:
    """Return the class of each school on the map."""
    known = (fibre.notna() & indoor.notna()).to_numpy(dtype=bool)
    yes = [state.fillna(False).to_numpy(dtype=bool) for state in (fibre, indoor)]
    names = np.select([yes[0] & yes[1], yes[0], yes[1]], ["les_deux", "fibre_seule", "4g_seule"], default="aucune")
    return pd.Series(np.where(known, names, "inconnu"), index=fibre.index, dtype=object)


def _columns(units: gpd.GeoDataFrame, told: gpd.GeoDataFrame) -> dict[str, Known]:
    """Return the columns of the analysis, from the state of each school."""
    states = ("fibre", "mobile", "both", "neither")
    pupils, counted = told["pupils"].fillna(0.0), told["pupils"].notna()
    table = pd.DataFrame({"all": 1.0}, index=told.index)
    for name in states:
        known, yes = told[name].notna(), told[name].fillna(False).astype(bool)
        table = table.assign(
            **{
                f"{name}_known": known.astype(float),
                f"{name}_yes": yes.astype(float),
                f"{name}_counted": (known & counted).astype(float),
                f"{name}_told_pupils": pupils.where(known, 0.0),
                f"{name}_pupils": pupils.where(yes, 0.0),
            }
        )
    sums = table.groupby(told["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    share = {name: known_part(sums[f"{name}_known"], sums["all"], everywhere(units)) for name in states}
    roll = {name: known_part(sums[f"{name}_counted"], sums["all"], everywhere(units)) for name in states}
    part = {name: ratio(sums[f"{name}_yes"], sums[f"{name}_known"]) for name in states}
    return {
        "school_fibre_share": Known(part["fibre"], share["fibre"]),
        "school_4g_indoor_share": Known(part["mobile"], share["mobile"]),
        "school_both_share": Known(part["both"], share["both"]),
        "school_neither_count": Known(sums["neither_yes"], share["neither"]),
        "school_neither_pupils": Known(sums["neither_pupils"], roll["neither"]),
        "school_both_pupil_share": Known(ratio(sums["both_pupils"], sums["both_told_pupils"]), roll["both"]),
    }


ANALYSIS = Declaration(
    id="school_connectivity",
    title=Text("Établissements scolaires : fibre et 4G à l'intérieur", "Schools: fibre and 4G indoors"),
    summary=Text(
        "Quels établissements scolaires, et combien d'élèves, ont la fibre et la 4G dans les murs, ou n'ont ni l'une "
        "ni l'autre ?",
        "Which schools, and how many pupils, have fibre and 4G within their walls, or have neither?",
    ),
    policies=(Policy.EDUCATION, Policy.NUMERIQUE),
    inputs=(
        Input("etablissement_scolaire"),
        Input("immeuble", required=False),
        Input("couverture_mobile", required=False),
    ),
    one_of=(("immeuble", "couverture_mobile"),),
    outputs=OUTPUTS,
    formula=Text(
        "Fibre : la colonne fibre de l'établissement ou, à défaut, l'éligibilité (règle de l'Arcep) de l'immeuble le "
        "plus proche à moins de distance_immeuble_m. 4G à l'intérieur : l'établissement est sous une couverture 4G de "
        "niveau niveau_interieur ou mieux (2 : bonne, 3 : très bonne). Part = établissements ÷ établissements d'état "
        "connu ; «les deux» et «ni l'une ni l'autre» : parmi ceux dont les deux états sont connus. "
        "Exemple : quatre établissements de 100, 200, 300 et 400 élèves ; fibre aux deux premiers, 4G au "
        "premier et au troisième : les deux 1 ÷ 4 = 0,25, soit 100 élèves sur 1 000 ; le dernier n'a rien : 400 "
        "élèves.",
        "Fibre: the column fibre of the school or, failing that, the eligibility (ARCEP's rule) of the nearest "
        "building within distance_immeuble_m. 4G indoors: the school is under 4G coverage of level niveau_interieur or "
        "better (2: good, 3: very good). Share = schools ÷ schools whose state is known; «both» and "
        "«neither»: among those whose two states are known. Example: four schools of 100, "
        "200, 300 and 400 pupils; fibre in the first two, 4G in the first and the third: both 1 ÷ 4 = 0.25, that is "
        "100 pupils out of 1,000; the last has neither: 400 pupils.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des établissements d'état connu sont dans ce cas.",
        "0.42 means that 42 % of the schools whose state is known are in that case.",
    ),
    limits=Text(
        "La couverture publiée est à l'extérieur : seuls les niveaux «bonne» (dans certains cas) et «très bonne» (dans "
        "la plupart des cas) laissent espérer un signal dans les murs, et le bâti peut l'arrêter. «Couvert, niveau non "
        "précisé» ne dit rien de l'intérieur : l'état est alors inconnu. Éligible n'est pas raccordé, et l'immeuble le "
        "plus proche n'est peut-être pas l'établissement. Ce qui est inconnu est laissé de côté, et la part connue le "
        "dit.",
        "The published coverage is outdoors: only the levels «good» (in some cases) and «very good» (in most cases) "
        "give hope of a signal within walls, and the building may stop it. «Covered, level not given» tells nothing of "
        "indoors: the state is then unknown. Eligible is not connected, and the nearest building may not be the "
        "school. What is unknown is left out, and the known share says so.",
    ),
    reference="Code de l'éducation, art. L. 213-2, L. 214-6 et L. 312-9 ; Arcep, décision n° 2016-1678 du 6 décembre "
    "2016 (niveaux de couverture mobile).",
    function=school_connectivity,
    apart=False,
    parameters=(BUILDING_DISTANCE, INDOOR_LEVEL, ELIGIBILITY_DATE),
    map_classes={
        "les_deux": (Text("fibre et 4G à l'intérieur", "fibre and 4G indoors"), "#0072b2"),
        "fibre_seule": (Text("fibre seule", "fibre alone"), "#56b4e9"),
        "4g_seule": (Text("4G à l'intérieur seule", "4G indoors alone"), "#e69f00"),
        "aucune": (Text("ni l'une ni l'autre", "neither"), "#d55e00"),
        "inconnu": (Text("l'une au moins est inconnue", "one at least is unknown"), "#999999"),
    },
)
