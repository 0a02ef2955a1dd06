"""The eight analyses told again in SQL, from the formula that each declares: values and known shares, by unit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import duckdb
import numpy as np
import pandas as pd

from oracles.sql_measures import (
    area_m2,
    claims,
    combined,
    covered_m,
    has,
    people,
    per_unit,
    segments,
    settled,
    surface,
    tiles,
)

Column: TypeAlias = "tuple[pd.Series[float], pd.Series[float]]"
Columns: TypeAlias = dict[str, Column]
Duck: TypeAlias = duckdb.DuckDBPyConnection

READY, LEVELS = 0.8, ("tres_fort", "fort", "moyen", "faible", "indetermine")
DANGER = "SELECT geom FROM alea WHERE niveau IN ('moyen', 'fort', 'tres_fort')"
STUDIED = "SELECT geom FROM alea WHERE niveau <> 'indetermine'"
UNSTUDIED = "SELECT geom FROM alea WHERE coalesce(niveau, 'indetermine') = 'indetermine'"
GIVEN_UP = "lower(etat) IN ('abandonné', 'abandonne')"
KNOWN_PEOPLE = "SELECT geom FROM population WHERE habitants IS NOT NULL"
RADIUS_M, NEAR_M, STOP_M, FRAGILE = 1000.0, 1500.0, 300.0, 6


def told(duck: Duck, name: str) -> Columns:
    """Return the outputs of an analysis: value (NaN: unknown) and known share, by unit code."""
    columns = ANALYSES[name](duck)
    return {
        output: (value.where(share > 0), share.fillna(0.0).clip(0, 1)) for output, (value, share) in columns.items()
    }


def _ratio(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    return part / whole.where(whole > 0)


def _units_m2(duck: Duck) -> pd.Series[float]:
    return per_unit(duck, "SELECT id, ST_Area(geom) FROM units")


def _share(duck: Duck, name: str) -> pd.Series[float]:
    return area_m2(duck, name) / _units_m2(duck)


def _unknown(duck: Duck) -> Column:
    return _units_m2(duck) * np.nan, _units_m2(duck) * 0.0


def _fully(value: pd.Series[float]) -> Column:
    return value, value * 0.0 + 1.0 if value.notna().all() else pd.Series(1.0, index=value.index)


def _rate(duck: Duck) -> str:
    """Return the fibre rate as a column of SQL: as published, else premises passed over premises."""
    parts = ["taux_fibre"] if has(duck, "couverture_fixe", "taux_fibre") else []
    if has(duck, "couverture_fixe", "locaux") and has(duck, "couverture_fixe", "locaux_raccordables"):
        parts.append("CASE WHEN locaux > 0 THEN locaux_raccordables / locaux END")
    told_rate = f"coalesce({', '.join(parts)}, NULL)"
    return f"CASE WHEN {told_rate} IS NOT NULL THEN least(greatest({told_rate}, 0), 1) END"


def _fibre(duck: Duck) -> None:
    """Make the table `fibre` (``rate``, ``geom``): where two rates overlap, the lower is taken."""
    if has(duck, "fibre"):
        return
    settled(duck, "fibre", f"SELECT {_rate(duck)} AS rank, geom FROM couverture_fixe")
    duck.execute("ALTER TABLE fibre RENAME rank TO rate")


def _fibre_in(duck: Duck, name: str) -> tuple[pd.Series[float], ...]:
    """Return the area of a surface, and those of it of known rate, ready, not ready, and rate times area."""
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE rates AS
        SELECT s.unit, f.rate, ST_Area(ST_Intersection(s.geom, f.geom)) AS area
        FROM {name} s JOIN fibre f ON ST_Intersects(s.geom, f.geom)
    """)
    sums = ("area", f"CASE WHEN rate >= {READY} THEN area ELSE 0 END", f"CASE WHEN rate < {READY} THEN area ELSE 0 END")
    found = [per_unit(duck, f"SELECT unit, sum({what}) FROM rates GROUP BY unit") for what in (*sums, "rate * area")]
    return area_m2(duck, name), *found


def zoning_fixed_coverage(duck: Duck) -> Columns:
    """Part prête = surface où le taux atteint taux_pret ÷ surface où il est connu; U, puis AUc, puis AUs."""
    _fibre(duck)
    reach = _share(duck, surface(duck, "plan", "SELECT geom FROM zonage"))
    columns: Columns = {}
    earlier: list[str] = []
    for kind in ("U", "AUc", "AUs"):
        name = surface(duck, f"zone_{kind}", f"SELECT geom FROM zonage WHERE typezone = '{kind}'")
        for other in earlier:
            combined(duck, name, "ST_Difference", name, other)
        earlier.append(name)
        area, known, ready, not_ready, rate = _fibre_in(duck, name)
        share = _ratio(known, area).where(area > 0, reach)
        prefix = kind.lower()
        columns |= {
            f"{prefix}_area_ha": (area / 1e4, reach),
            f"{prefix}_ready_share": (_ratio(ready, known), share),
            f"{prefix}_mean_rate": (_ratio(rate, known), share),
            f"{prefix}_not_ready_ha": (not_ready / 1e4, share),
        }
    return {name: column for name, column in columns.items() if name not in ("u_not_ready_ha", "aus_not_ready_ha")}


def plu_digital_clauses(duck: Duck) -> Columns:
    """Part répondant à la clause, et part sous couverture mobile, de la surface du secteur."""
    _fibre(duck)
    reach = _share(duck, surface(duck, "plan", "SELECT geom FROM zonage UNION ALL SELECT geom FROM prescription_surf"))
    surface(duck, "mobile", "SELECT geom FROM couverture_mobile")
    columns: Columns = {}
    for prefix, test in (("quality", "typepsc = '27'"), ("service", "typepsc = '47' AND stypepsc = '05'")):
        name = surface(duck, f"{prefix}_sectors", f"SELECT geom FROM prescription_surf WHERE {test}")
        area, known, ready, _, _ = _fibre_in(duck, name)
        covered = area_m2(duck, combined(duck, f"{prefix}_reached", "ST_Intersection", name, "mobile"))
        columns |= {
            f"{prefix}_clause_ha": (area / 1e4, reach),
            f"{prefix}_clause_fibre_share": (_ratio(ready, known), _ratio(known, area).where(area > 0, reach)),
            f"{prefix}_clause_mobile_share": (_ratio(covered, area), reach.where(area <= 0, 1.0)),
        }
    return columns


def _levels(duck: Duck) -> None:
    """Make the table `pieces` (``id``, ``unit``, ``level``, ``geom``): units by worst level, in that order."""
    names = (*LEVELS, "nul")
    order = ", ".join(f"'{level}'" for level in names)
    settled(
        duck,
        "danger_levels",
        f"SELECT list_position([{order}], niveau) - 1 AS rank, geom FROM alea WHERE niveau IS NOT NULL",
    )
    duck.execute("""
        CREATE OR REPLACE TEMP TABLE pieces AS
        SELECT row_number() OVER (ORDER BY unit, rank) - 1 AS id, * FROM (
            SELECT u.id AS unit, d.rank, ST_CollectionExtract(ST_Intersection(u.geom, d.geom), 3) AS geom
            FROM units u JOIN danger_levels d ON ST_Intersects(u.geom, d.geom)
        ) WHERE ST_Area(geom) > 1e-3
    """)


def _in_use(duck: Duck, role: str) -> str:
    """Return the table of what was not given up in a role; the role itself, where it tells no state."""
    if not has(duck, role, "etat"):
        return role
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE {role}_in_use AS
        SELECT * FROM {role} WHERE NOT coalesce({GIVEN_UP}, FALSE)
    """)
    return f"{role}_in_use"


def _study(duck: Duck) -> str:
    """Return what was studied: zones of known level, and perimeters less what is undetermined there."""
    surface(duck, "study", _seen(duck, STUDIED))
    if duck.execute(f"SELECT count(*) FROM ({UNSTUDIED})").fetchone() == (0,):
        return "study"
    surface(duck, "levelled", STUDIED)
    combined(duck, "unsure", "ST_Difference", surface(duck, "unsure", UNSTUDIED), "levelled")
    return combined(duck, "study", "ST_Difference", "study", "unsure")


def _seen(duck: Duck, zones: str) -> str:
    return zones + (" UNION ALL SELECT geom FROM perimetre_risque" if has(duck, "perimetre_risque") else "")


def _people_in(duck: Duck, name: str) -> Column:
    """Return the inhabitants of a surface, and the share of the unit that a known population covers."""
    reached = _share(duck, surface(duck, "peopled", KNOWN_PEOPLE))
    found = people(duck, name).where(reached > 0)
    return found, reached.where(found.notna(), 0.0)


def _hazard_people(duck: Duck, name: str) -> Column:
    """Return the inhabitants of a surface, known where both hazard and people are."""
    value, share = _people_in(duck, name)
    surface(duck, "peopled", KNOWN_PEOPLE)
    both = _share(duck, combined(duck, "told_there", "ST_Intersection", _study(duck), "peopled"))
    return value, both.where(share > 0, 0.0)


def hazard_network_assets(duck: Duck) -> Columns:
    """Ouvrages dans chaque niveau d'aléa, le pire où plusieurs se recouvrent ; habitants qui en dépendent."""
    _levels(duck)
    reach = dict.fromkeys(LEVELS, _share(duck, _study(duck)))
    reach["indetermine"] = _share(duck, surface(duck, "seen", _seen(duck, "SELECT geom FROM alea")))
    columns: Columns = {}
    for asset, role, test in (
        ("site_count", "site_mobile", _IN_SERVICE if has(duck, "site_mobile", "etat") else "TRUE"),
        ("nro_count", "noeud_optique", "niveau = 'NRO'"),
        ("sro_count", "noeud_optique", "niveau = 'SRO'"),
        ("cable_m", "cable", None),
    ):
        columns |= _asset_levels(duck, asset, role, test, reach)
    exposed, doubtful = _around(duck, "exposed", _exposed()), _around(duck, "doubtful", _doubtful(duck))
    for name in ("site", "node", "network"):
        made = _unknown(duck)
        if exposed.get(name):
            near = surface(duck, f"around_{name}", exposed[name])
            doubt = combined(duck, "doubt", "ST_Difference", surface(duck, "doubt", doubtful[name]), near)
            value, share = _people_in(duck, near)
            sure = combined(duck, "sure_study", "ST_Difference", _study(duck), doubt)
            both = _share(duck, combined(duck, "told_there", "ST_Intersection", sure, "peopled"))
            made = value, both.where(share > 0, 0.0)
        columns[f"hazard_{name}_dependents"] = made
    return columns


def _exposed() -> str:
    """Return the test of an asset ``s`` that stands in danger."""
    return f"EXISTS (SELECT 1 FROM ({DANGER}) d WHERE ST_Intersects(s.geom, d.geom))"


def _doubtful(duck: Duck) -> str:
    """Return the test of an asset ``s`` whose hazard was not studied."""

    def there(query: str) -> str:
        return f"EXISTS (SELECT 1 FROM ({query}) z WHERE ST_Intersects(s.geom, z.geom))"

    plan = there("SELECT geom FROM perimetre_risque") if has(duck, "perimetre_risque") else "FALSE"
    return f"NOT {_exposed()} AND NOT {there(STUDIED)} AND NOT ({plan} AND NOT {there(UNSTUDIED)})"


def _around(duck: Duck, name: str, test: str) -> dict[str, str]:
    """Return the queries of the surfaces that depend on the sites, the nodes and the assets that pass a test."""
    around = {}
    if has(duck, "site_mobile"):
        serves = _IN_SERVICE if has(duck, "site_mobile", "etat") else "TRUE"
        around["site"] = f"""
            SELECT ST_Buffer(s.geom, {RADIUS_M}, 32) AS geom FROM site_mobile s WHERE {serves} AND {test}
        """
    if has(duck, "noeud_optique"):
        around["node"] = _served_by_nodes(duck, name, test)
    around["network"] = " UNION ALL ".join(around.values())
    return around


_IN_SERVICE = "coalesce(lower(etat), '') NOT IN ('abandonné', 'abandonne', 'projet', 'en projet', 'hors service')"


def _asset_levels(duck: Duck, asset: str, role: str, test: str | None, reach: dict[str, pd.Series[float]]) -> Columns:
    """Return the count, or the metres, of one asset in each level."""
    if not has(duck, role):
        return {f"hazard_{asset}_{level}": _unknown(duck) for level in LEVELS}
    if test is None:
        claims(duck, "cable_pieces", segments(duck, "cable_segments", _in_use(duck, role)), "pieces")
        amounts = """
            SELECT p.unit, p.rank, sum(ST_Length(c.geom)) AS amount
            FROM cable_pieces c JOIN pieces p ON p.id = c.zone GROUP BY ALL
        """
    else:
        amounts = f"""
            SELECT p.unit, p.rank, count(*) AS amount FROM (
                SELECT s.id, min(p.id) AS piece
                FROM {_in_use(duck, role)} s JOIN pieces p ON ST_Intersects(p.geom, s.geom)
                WHERE {test.replace("niveau", "s.niveau")} GROUP BY s.id
            ) JOIN pieces p ON p.id = piece GROUP BY ALL
        """
    return {
        f"hazard_{asset}_{level}": (
            per_unit(duck, f"SELECT unit, amount FROM ({amounts}) WHERE rank = {rank}"),
            reach[level],
        )
        for rank, level in enumerate(LEVELS)
    }


def _served_by_nodes(duck: Duck, name: str, test: str) -> str:
    """Return the query of the areas served by the NRO and SRO that pass a test; a disc for a node that has none."""
    parts = []
    for level, zones in (("NRO", "zone_nro"), ("SRO", "zone_sro")):
        node = "coalesce(noeud, code)" if has(duck, zones, "noeud") else "code"
        duck.execute(f"""
            CREATE OR REPLACE TEMP TABLE {name}_{level} AS
            SELECT s.code, s.geom FROM {_in_use(duck, "noeud_optique")} s WHERE s.niveau = '{level}' AND {test}
        """)
        served = (
            f"SELECT {node} AS code, geom FROM {zones}" if has(duck, zones) else "SELECT NULL AS code, NULL AS geom"
        )
        parts.append(f"SELECT z.geom FROM ({served}) z SEMI JOIN {name}_{level} e ON z.code = e.code")
        parts.append(
            f"SELECT ST_Buffer(e.geom, {RADIUS_M}, 32) AS geom"
            f" FROM {name}_{level} e ANTI JOIN ({served}) z ON z.code = e.code"
        )
    return " UNION ALL ".join(parts)


def hazard_population_alert(duck: Duck) -> Columns:
    """Habitants = Σ habitants du carreau × surface du carreau en zone d'aléa (hors couverture) ÷ sa surface."""
    surface(duck, "danger", DANGER)
    surface(duck, "mobile", "SELECT geom FROM couverture_mobile")
    exposed, share = _hazard_people(duck, "danger")
    silent, silent_share = _hazard_people(duck, combined(duck, "silent", "ST_Difference", "danger", "mobile"))
    return {
        "hazard_inhabitants": (exposed, share),
        "hazard_unreached_inhabitants": (silent, silent_share),
        "hazard_unreached_share": (_ratio(silent, exposed), silent_share),
    }


def ecology_network(duck: Duck) -> Columns:
    """Densité = sites (ou mètres de câble) dans ces espaces ÷ leur surface dans l'unité, en km²."""
    columns: Columns = {}
    segments(duck, "cable_segments", _in_use(duck, "cable"))
    for prefix, role in (("corridor", "corridor"), ("protected", "espace_protege")):
        kept = surface(duck, "kept", f"SELECT geom FROM {role}")
        duck.execute(f"CREATE OR REPLACE TEMP TABLE spaces AS SELECT unit AS id, geom FROM {kept}")
        km2 = area_m2(duck, "kept") / 1e6
        sites = per_unit(
            duck,
            """SELECT space, count(*) FROM (
                   SELECT s.id, min(p.id) AS space FROM site_mobile s JOIN spaces p ON ST_Intersects(p.geom, s.geom)
                   GROUP BY s.id) GROUP BY space""",
        )
        claims(duck, "cable_pieces", "cable_segments", "spaces")
        metres = per_unit(duck, "SELECT zone, sum(ST_Length(geom)) FROM cable_pieces GROUP BY zone")
        columns |= {
            f"{prefix}_area_ha": _fully(km2 * 100),
            f"{prefix}_site_count": _fully(sites),
            f"{prefix}_site_density": _fully(_ratio(sites, km2)),
            f"{prefix}_cable_m": _fully(metres),
            f"{prefix}_cable_density": _fully(_ratio(metres, km2)),
        }
    return columns


def mobility_mobile_coverage(duck: Duck) -> Columns:
    """Part = arrêts (ou kilomètres) hors de la couverture ÷ arrêts (ou kilomètres) de l'unité."""
    tiles(duck, "reach_tiles", "SELECT geom FROM couverture_mobile")
    columns = _stops(duck)
    for prefix, role in (("line", "ligne"), ("road", "voirie"), ("cycle", "cyclable")):
        claims(duck, "line_pieces", segments(duck, "line_segments", role), "units")
        total = per_unit(duck, "SELECT zone, sum(ST_Length(geom)) FROM line_pieces GROUP BY zone")
        out = (total - per_unit(duck, covered_m(duck, "line_pieces", "reach_tiles", "zone"))).clip(lower=0)
        columns[f"{prefix}_uncovered_km"] = _fully(out / 1000)
        columns[f"{prefix}_uncovered_share"] = _fully(_ratio(out, total))
    return columns


def _stops(duck: Duck) -> Columns:
    platform = "coalesce(a.location_type = 0, TRUE)" if has(duck, "arret", "location_type") else "TRUE"
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE stops AS
        WITH held AS (SELECT a.id, min(u.id) AS unit
                      FROM arret a JOIN units u ON ST_Intersects(u.geom, a.geom) WHERE {platform} GROUP BY a.id),
             reached AS (SELECT DISTINCT a.id FROM arret a JOIN couverture_mobile c ON ST_Intersects(c.geom, a.geom))
        SELECT h.id, h.unit, r.id IS NULL AS silent FROM held h LEFT JOIN reached r USING (id)
    """)
    every = per_unit(duck, "SELECT unit, count(*) FROM stops GROUP BY unit")
    silent = per_unit(duck, "SELECT unit, count(*) FILTER (silent) FROM stops GROUP BY unit")
    return {"stop_uncovered_count": _fully(silent), "stop_uncovered_share": _fully(_ratio(silent, every))}


def mediation_transit_fragility(duck: Duck) -> Columns:
    """Part = habitants à moins de rayon_mediation_m d'un lieu (desservi) ÷ habitants ; de même des fragiles."""
    platform = "coalesce(a.location_type = 0, TRUE)" if has(duck, "arret", "location_type") else "TRUE"
    leaves = "coalesce(a.passages_jour > 0, TRUE)" if has(duck, "arret", "passages_jour") else "TRUE"
    surface(duck, "near", f"SELECT ST_Buffer(geom, {NEAR_M}, 32) AS geom FROM mediation")
    surface(
        duck,
        "transit",
        f"""SELECT ST_Buffer(m.geom, {NEAR_M}, 32) AS geom FROM mediation m
            WHERE (SELECT min(ST_Distance(m.geom, a.geom)) FROM arret a WHERE {platform} AND {leaves}) <= {STOP_M}""",
    )
    duck.execute("CREATE OR REPLACE TEMP TABLE whole AS SELECT id AS unit, geom FROM units")
    columns = _reached(duck, "", "whole", None)
    if not has(duck, "fragilite"):
        names = [
            name.replace("_inhabitants", "_fragile_inhabitants").replace("_share", "_fragile_share") for name in columns
        ]
        return columns | {name: _unknown(duck) for name in ("fragile_inhabitants", *names)}
    surface(duck, "indexed", "SELECT geom FROM fragilite WHERE indice IS NOT NULL")
    surface(duck, "fragile", f"SELECT geom FROM fragilite WHERE indice >= {FRAGILE}")
    surface(duck, "peopled", KNOWN_PEOPLE)
    both = _share(duck, combined(duck, "told_there", "ST_Intersection", "peopled", "indexed"))
    return columns | _reached(duck, "fragile_", "fragile", both)


def _reached(duck: Duck, prefix: str, living: str, reach: pd.Series[float] | None) -> Columns:
    """Return the inhabitants of a surface near a place, and near one with a stop, and their shares."""

    def known(column: Column) -> Column:
        value, share = column
        return value, share if reach is None else reach.where(share > 0, 0.0)

    everyone = _people_in(duck, living)
    columns = {"fragile_inhabitants": known(everyone)} if prefix else {}
    for name, where in (("mediation_near", "near"), ("mediation_transit", "transit")):
        some = _people_in(duck, combined(duck, "among", "ST_Intersection", living, where))
        columns[f"{name}_{prefix}inhabitants"] = known(some)
        columns[f"{name}_{prefix}share"] = known((_ratio(some[0], everyone[0]), some[1]))
    return columns


def school_fibre(duck: Duck) -> Columns:
    """Prêt : raccordé ou, quand on ne le sait pas, là où le taux atteint taux_pret."""
    rate = _rate(duck)
    own = "s.fibre" if has(duck, "etablissement_scolaire", "fibre") else "NULL::BOOLEAN"
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE schools AS
        WITH rated AS (SELECT id, geom, {rate} AS rate FROM couverture_fixe WHERE {rate} IS NOT NULL),
             around AS (SELECT s.id, arg_min(r.rate, r.id) AS rate FROM etablissement_scolaire s
                        JOIN rated r ON ST_Intersects(r.geom, s.geom) GROUP BY s.id),
             held AS (SELECT s.id, min(u.id) AS unit FROM etablissement_scolaire s
                      JOIN units u ON ST_Intersects(u.geom, s.geom) GROUP BY s.id)
        SELECT h.unit, coalesce({own}, a.rate >= {READY}) AS ready, s.eleves AS pupils
        FROM etablissement_scolaire s JOIN held h USING (id) LEFT JOIN around a USING (id)
    """)
    count = partial(_schools, duck)
    every, known, ready = count("count(*)"), count("count(ready)"), count("count(*) FILTER (ready)")
    state = _ratio(known, every).where(every > 0, 1.0)
    told_pupils = "FILTER (ready IS NOT NULL AND pupils IS NOT NULL)"
    roll = _ratio(count(f"count(*) {told_pupils}"), every).where(every > 0, 1.0)
    lacking, pupils = (
        count("coalesce(sum(pupils) FILTER (NOT ready), 0)"),
        count(f"coalesce(sum(pupils) {told_pupils}, 0)"),
    )
    return {
        "school_count": _fully(every),
        "school_ready_count": (ready, state),
        "school_ready_share": (_ratio(ready, known), state),
        "school_not_ready_pupils": (lacking, roll),
        "school_not_ready_pupil_share": (_ratio(lacking, pupils), roll),
    }


def _schools(duck: Duck, what: str) -> pd.Series[float]:
    return per_unit(duck, f"SELECT unit, {what} FROM schools GROUP BY unit")


ANALYSES: dict[str, Callable[[Duck], Columns]] = {
    one.__name__: one
    for one in (
        ecology_network,
        hazard_network_assets,
        hazard_population_alert,
        mediation_transit_fragility,
        mobility_mobile_coverage,
        plu_digital_clauses,
        school_fibre,
        zoning_fixed_coverage,
    )
}
