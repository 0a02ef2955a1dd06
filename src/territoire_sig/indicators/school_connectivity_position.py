"""Connectivity of schools by social position: do the pupils of the better-off schools have more of it?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.policies import Policy
from ..overlay import assign_zone
from ..texts import Text
from .concentration import concentration_curve, concentration_index, erreygers
from .entrance import opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, unknown
from .premises import ELIGIBILITY_DATE
from .school_states import BUILDING_DISTANCE, INDOOR_LEVEL, fibre_state, indoor_4g_state, pupils_of

__all__ = ["ANALYSIS", "school_connectivity_position"]

#: What is measured: word of the columns, with its name.
KINDS = {"fibre": Text("la fibre", "fibre"), "4g": Text("la 4G à l'intérieur", "4G indoors")}


def _means(word: str, text: Text) -> tuple[Output, ...]:
    return tuple(
        Output(f"school_ips_{have}{word}_mean", title.fill(k=text), "indice")
        for have, title in (
            ("with_", Text("IPS moyen des élèves qui ont $k", "Mean IPS of the pupils who have $k")),
            ("without_", Text("IPS moyen des élèves qui n'ont pas $k", "Mean IPS of the pupils who have no $k")),
        )
    )


OUTPUTS = tuple(output for word, text in KINDS.items() for output in _means(word, text))
OVERALL = tuple(
    Output(f"school_{word}_ips_{name}", title.fill(k=text), "indice", minimum=-1.0)
    for word, text in KINDS.items()
    for name, title in (
        (
            "concentration",
            Text("Indice de concentration : $k selon l'IPS", "Concentration index: $k by social position"),
        ),
        ("erreygers", Text("Indice d'Erreygers : $k selon l'IPS", "Erreygers's index: $k by social position")),
    )
)
COLUMNS = (
    Output("pupil_share", Text("Part des élèves, des IPS les plus bas", "Share of pupils, lowest IPS first"), "part"),
    Output("connected_share", Text("Part des élèves raccordés", "Share of the pupils connected"), "part"),
)
TABLES = tuple(
    Table(
        f"school_{word}_ips_curve",
        Text("Courbe de concentration : $k selon l'IPS", "Concentration curve: $k by social position").fill(k=text),
        COLUMNS,
        curve=True,
    )
    for word, text in KINDS.items()
)


def school_connectivity_position(
    units: gpd.GeoDataFrame,
    *,
    etablissement_scolaire: gpd.GeoDataFrame | None,
    immeuble: gpd.GeoDataFrame | None = None,
    couverture_mobile: gpd.GeoDataFrame | None = None,
    distance_immeuble_m: float = 100.0,
    niveau_interieur: float = 2.0,
    date_eligibilite: float = 0.0,
) -> Measurement:
    r"""Measure whether fibre and 4G indoors go to the schools of high or of low social position.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    etablissement_scolaire : GeoDataFrame or None
        Points with ``ips`` and ``eleves``, and optional ``fibre``; schools outside the units are left out.
    immeuble, couverture_mobile : GeoDataFrame or None
        As in :func:`~territoire_sig.indicators.school_connectivity.school_connectivity`.
    distance_immeuble_m, niveau_interieur, date_eligibilite : float
        Likewise.

    Returns
    -------
    Measurement
        By unit: mean IPS of the pupils with and without fibre and 4G indoors (NaN where there is none). Overall, for
        each: the concentration index (-1 to 1; NaN where nobody has it, or where all have one IPS) and Erreygers's
        index. The known share is that of the schools whose state, pupils and IPS are known. The table holds the
        points of the two concentration curves.

    Notes
    -----
    :math:`C = \frac{2}{\mu W} \sum_i w_i h_i (R_i - \tfrac12)` with :math:`w_i` the pupils of school *i*, :math:`h_i`
    1 if it has it, else 0, :math:`W` all the pupils, :math:`\mu` the share of them who have it, :math:`R_i` the share
    of the pupils of lower IPS plus half of those of the same IPS. Erreygers: :math:`E = 4 \mu C`.

    References
    ----------
    Wagstaff, Paci and van Doorslaer (1991); O'Donnell et al. (2008), chapters 7 and 8; Erreygers (2009).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> told = {"fibre": [False, True], "eleves": [100.0, 100.0], "ips": [80.0, 120.0]}
    >>> schools = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([10, 90], [9, 9]), crs=2154)
    >>> found = school_connectivity_position(units, etablissement_scolaire=schools)
    >>> found.overall["school_fibre_ips_concentration"].value, found.overall["school_fibre_ips_erreygers"].value
    (0.5, 1.0)
    """
    units, schools, buildings, cover = opened_in_bounds(
        units, etablissement_scolaire=etablissement_scolaire, immeuble=immeuble, couverture_mobile=couverture_mobile
    )
    if schools is None:
        nothing = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
        columns = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, columns, overall=nothing, tables={table.name: _no_point() for table in TABLES})
    told = pd.DataFrame(
        {
            "code_unite": assign_zone(schools, units),
            "pupils": pupils_of(schools),
            "ips": _number(schools, "ips"),
            "fibre": _float(fibre_state(schools, buildings, distance_immeuble_m, date_eligibilite)),
            "4g": _float(indoor_4g_state(schools, cover, niveau_interieur)),
        }
    )
    here = told[told["code_unite"].notna()]
    columns = {name: one for word in KINDS for name, one in _columns(units, here, word).items()}
    overall = {name: one for word in KINDS for name, one in _overall(here, word).items()}
    curves = {table.name: _points(here, word) for table, word in zip(TABLES, KINDS, strict=True)}
    return measurement(units, columns, overall=overall, tables=curves)


def _number(schools: gpd.GeoDataFrame, name: str) -> pd.Series[float]:
    """Return a column of numbers; NaN where unknown, everywhere without the column."""
    if name not in schools.columns:
        return pd.Series(np.nan, index=schools.index)
    return pd.Series(schools[name].to_numpy(dtype=float, na_value=np.nan), index=schools.index)


def _float(state: pd.Series[bool]) -> pd.Series[float]:
    """Return a nullable boolean as 1, 0 or NaN."""
    return pd.Series(state.astype("Float64").to_numpy(float, na_value=np.nan), index=state.index)


def _known(told: pd.DataFrame, word: str) -> pd.DataFrame:
    """Return the schools whose state, pupils and IPS are known, whatever their order in the file."""
    kept = told[told[[word, "pupils", "ips"]].notna().all(axis=1)]
    return kept.sort_values(["ips", word, "pupils"], ignore_index=True)


def _columns(units: gpd.GeoDataFrame, told: pd.DataFrame, word: str) -> dict[str, Known]:
    """Return the mean IPS of the pupils of each unit who have it, and of those who have not."""
    kept = _known(told, word)
    counts = pd.DataFrame({"all": told.groupby("code_unite").size(), "known": kept.groupby("code_unite").size()})
    counts = counts.reindex(units.index).fillna(0.0).astype(float)
    share = known_part(counts["known"], counts["all"], everywhere(units))
    columns = {}
    for have, value in (("with_", 1.0), ("without_", 0.0)):
        some = kept[kept[word] == value]
        sums = some.assign(total=some["ips"] * some["pupils"]).groupby("code_unite")[["total", "pupils"]].sum()
        mean = (sums["total"] / sums["pupils"].where(sums["pupils"] > 0)).reindex(units.index)
        columns[f"school_ips_{have}{word}_mean"] = Known(mean, share)
    return columns


def _overall(told: pd.DataFrame, word: str) -> dict[str, Whole]:
    """Return the two indices of the territory, with the share of the schools that they rest on."""
    kept = _known(told, word)
    share = len(kept) / len(told) if len(told) else 0.0
    given = (kept[word], kept["ips"], kept["pupils"])
    enough = float(kept["pupils"].sum()) > 0
    values = {
        f"school_{word}_ips_concentration": concentration_index(*given) if enough else np.nan,
        f"school_{word}_ips_erreygers": erreygers(*given) if enough else np.nan,
    }
    return {name: Whole(float(value), share if np.isfinite(value) else 0.0) for name, value in values.items()}


def _points(told: pd.DataFrame, word: str) -> pd.DataFrame:
    """Return the points of one curve; none where nobody has it."""
    kept = _known(told, word)
    if not float((kept[word] * kept["pupils"]).sum()) > 0:
        return _no_point()
    return concentration_curve(kept[word], kept["ips"], kept["pupils"]).set_axis(_no_point().columns, axis="columns")


def _no_point() -> pd.DataFrame:
    """Return a curve without any point."""
    return pd.DataFrame(columns=[column.name for column in COLUMNS], dtype=float)


ANALYSIS = Declaration(
    id="school_connectivity_position",
    title=Text("Connexion des établissements et position sociale", "Connectivity of schools and social position"),
    summary=Text(
        "La fibre et la 4G à l'intérieur vont-elles plutôt aux établissements favorisés ou défavorisés ?",
        "Do fibre and 4G indoors go rather to the better-off or to the worse-off schools?",
    ),
    policies=(Policy.EDUCATION, Policy.NUMERIQUE, Policy.INCLUSION),
    inputs=(
        Input("etablissement_scolaire"),
        Input("immeuble", required=False),
        Input("couverture_mobile", required=False),
    ),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Indice de concentration C = 2 ÷ (μ W) × Σ w (h) (R − ½) : w élèves de l'établissement, h = 1 s'il est "
        "raccordé (sinon 0), W tous les élèves, μ la part des élèves raccordés, R la part des élèves d'IPS plus bas "
        "plus la moitié de ceux de même IPS. Erreygers : E = 4 μ C. Exemple : deux établissements de 100 élèves, IPS "
        "80 sans fibre, IPS 120 avec : μ = 0,5 ; R = 0,25 et 0,75 ; C = 2 ÷ (0,5 × 200) × 100 × 0,25 = 0,5 ; E = 4 × "
        "0,5 × 0,5 = 1.",
        "Concentration index C = 2 ÷ (μ W) × Σ w (h) (R − ½): w pupils of the school, h = 1 if it is connected (else "
        "0), W all the pupils, μ the share of pupils connected, R the share of pupils of lower IPS plus half of those "
        "of the same IPS. Erreygers: E = 4 μ C. Example: two schools of 100 pupils, IPS 80 without fibre, IPS 120 "
        "with: μ = 0.5; R = 0.25 and 0.75; C = 2 ÷ (0.5 × 200) × 100 × 0.25 = 0.5; E = 4 × 0.5 × 0.5 = 1.",
    ),
    reading=Text(
        "0,42 signifie que les élèves des établissements favorisés sont nettement plus souvent raccordés ; −0,42, que "
        "ce sont ceux des établissements défavorisés ; 0, que la position sociale n'y fait rien.",
        "0.42 means that the pupils of the better-off schools are clearly more often connected; −0.42, that those of "
        "the worse-off are; 0, that social position does not matter.",
    ),
    limits=Text(
        "L'IPS est une moyenne d'établissement, que le ministère ne publie ni pour les plus petits ni pour tous les "
        "types : la part connue dit combien d'établissements comptent. Un indice sur quelques établissements varie "
        "beaucoup d'un seul d'entre eux. Les états (fibre, 4G à l'intérieur) ont les limites de school_connectivity. "
        "Quand presque tous sont raccordés, C reste près de 0 : lisez E.",
        "The IPS is a mean of the school, which the ministry publishes neither for the smallest nor for all kinds: the "
        "known share says how many schools count. An index over a few schools changes much with one of them. The "
        "states (fibre, 4G indoors) have the limits of school_connectivity. Where nearly all are connected, C stays "
        "near 0: read E.",
    ),
    reference="Wagstaff, Paci et van Doorslaer (1991), Social Science and Medicine 33(5) ; O'Donnell et al. (2008), "
    "Analyzing health equity, Banque mondiale, chap. 7 et 8 ; Erreygers (2009), Journal of Health Economics 28(2) ; "
    "DEPP, indice de position sociale.",
    function=school_connectivity_position,
    apart=False,
    parameters=(BUILDING_DISTANCE, INDOOR_LEVEL, ELIGIBILITY_DATE),
)
