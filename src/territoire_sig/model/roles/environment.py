"""Roles of buildings, energy, air, noise, relief and land cover."""

from __future__ import annotations

from ...texts import Text
from ..policies import Policy
from ..schema import Column, Role

__all__ = ["ROLES"]

_VINTAGE = Column("millesime", Text("millésime de la valeur", "vintage of the value"))


def _raster(role: str, fr: str, en: str, policy: Policy) -> Role:
    return Role(role, Text(fr, en), policy, "raster")


ROLES: tuple[Role, ...] = (
    Role(
        "batiment",
        Text("bâtiments", "buildings"),
        Policy.URBANISME,
        "polygon",
        (
            Column(
                "hauteur_m",
                Text("hauteur", "height"),
                kind="number",
                minimum=0,
                unit="m",
                aliases=("hauteur", "haauteur"),
            ),
            Column("usage", Text("usage", "use"), aliases=("usage_1",)),
        ),
    ),
    Role(
        "batiment_public",
        Text("bâtiments publics", "public buildings"),
        Policy.ENERGIE,
        "point",
        (
            Column("nom", Text("nom", "name"), aliases=("libelle",)),
            Column(
                "surface_plancher_m2",
                Text("surface de plancher", "floor area"),
                kind="number",
                minimum=0,
                unit="m2",
            ),
            Column(
                "consommation_kwh",
                Text("consommation annuelle d'énergie finale", "yearly final energy use"),
                kind="number",
                minimum=0,
                unit="kWh/an",
            ),
            Column(
                "consommation_reference_kwh",
                Text(
                    "consommation annuelle de l'année de référence (décret tertiaire)",
                    "yearly use of the reference year (tertiary decree)",
                ),
                kind="number",
                minimum=0,
                unit="kWh/an",
            ),
            Column("annee_reference", Text("année de référence", "reference year"), kind="integer", minimum=2010),
            Column(
                "gestion_technique",
                Text(
                    "pilotage à distance (GTB) prévu ou en service",
                    "remote control (BMS) planned or in service",
                ),
                kind="boolean",
            ),
        ),
    ),
    Role(
        "consommation_energie",
        Text("consommations d'énergie par IRIS ou commune", "energy use by IRIS or commune"),
        Policy.ENERGIE,
        "table",
        (
            Column(
                "code_insee",
                Text("code de la commune ou de l'IRIS", "commune or IRIS code"),
                kind="code_insee",
                required=True,
                aliases=("code_iris", "code_commune"),
            ),
            Column(
                "consommation_mwh",
                Text("consommation annuelle", "yearly use"),
                kind="number",
                required=True,
                minimum=0,
                unit="MWh/an",
                aliases=("conso", "conso_totale_mwh"),
            ),
            Column(
                "valeurs_inconnues",
                Text("valeurs cachées par le secret statistique", "values hidden by statistical secrecy"),
                kind="integer",
                minimum=0,
            ),
            _VINTAGE,
        ),
        key="code_insee",
    ),
    Role(
        "air",
        Text("qualité de l'air par zone", "air quality by zone"),
        Policy.AIR,
        "polygon",
        (
            Column(
                "no2",
                Text("NO2, moyenne annuelle", "NO2, yearly mean"),
                kind="number",
                minimum=0,
                unit="µg/m3",
            ),
            Column(
                "pm25",
                Text("PM2,5, moyenne annuelle", "PM2.5, yearly mean"),
                kind="number",
                minimum=0,
                unit="µg/m3",
                aliases=("pm2_5", "pm2.5"),
            ),
            Column("lden", Text("bruit Lden", "noise Lden"), kind="number", minimum=0, unit="dB(A)"),
            _VINTAGE,
        ),
    ),
    Role(
        "zfe",
        Text("zones à faibles émissions", "low-emission zones"),
        Policy.AIR,
        "polygon",
        (Column("id", Text("identifiant", "identifier")), Column("nom", Text("nom", "name"))),
    ),
    _raster(
        "air_raster",
        "concentration d'un polluant (NO2), grille",
        "pollutant concentration (NO2), raster",
        Policy.AIR,
    ),
    _raster("bruit_raster", "bruit (Lden), grille", "noise (Lden), raster", Policy.AIR),
    _raster("relief", "altitude, grille", "elevation, raster", Policy.RISQUES),
    _raster(
        "occupation_sol",
        "occupation du sol (codes Corine), grille",
        "land cover (Corine codes), raster",
        Policy.BIODIVERSITE,
    ),
)
