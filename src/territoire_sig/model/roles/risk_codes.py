"""Official codes of risk prevention, and the words to which they are brought.

References
----------
COVADIS, Plan de prévention des risques naturels ou technologiques, v1 (2012): NIVALEA_ST, TYPEREG.
CNIG, Géostandards Risques, profil applicatif PPR: TypeAlea, TypeNiveauAlea, TypeReglementUrba, TypeReglementFoncier.
COVADIS, Directive inondation, v2.1 (2018): SCENARIO.
"""

from __future__ import annotations

from ...texts import Text

__all__ = [
    "COVADIS_REGULATION_CODES",
    "HAZARD_LEVEL_CODES",
    "HAZARD_LEVEL_LETTERS",
    "HAZARD_TYPES",
    "LAND_REGULATION_CODES",
    "MULTIPLE_HAZARDS",
    "TRI_SCENARIO_CODES",
    "URBAN_REGULATION_CODES",
]

#: COVADIS NIVALEA_ST and CNIG TypeNiveauAlea: the «plus» degrees join the degree that they refine.
HAZARD_LEVEL_CODES: dict[str, str] = {
    "00": "nul",
    "01": "faible",
    "02": "moyen",
    "03": "moyen",
    "04": "fort",
    "05": "fort",
    "06": "tres_fort",
    "07": "tres_fort",
    "99": "indetermine",
}

#: Abbreviations of COVADIS NIVALEA, read only where NIVALEA_ST is empty.
HAZARD_LEVEL_LETTERS: dict[str, str] = {
    "fai": "01",
    "m": "02",
    "m+": "03",
    "f": "04",
    "f+": "05",
    "tf": "06",
    "tf+": "07",
}

COVADIS_REGULATION_CODES: dict[str, str] = {
    "01": "prescriptions_hors_alea",
    "02": "prescriptions",
    "03": "interdiction",
    "04": "interdiction_stricte",
    "05": "delaissement",
    "06": "expropriation",
}

URBAN_REGULATION_CODES: dict[str, str] = {
    "01": "prescriptions_hors_alea",
    "02": "prescriptions",
    "03": "interdiction",
    "04": "interdiction_stricte",
    "05": "recommandations",
    "06": "zone_grisee",
    "07": "alea_exceptionnel",
}

LAND_REGULATION_CODES: dict[str, str] = {"01": "delaissement", "02": "expropriation"}

#: The start of SCENARIO gives its word; a suffix ``cc`` (climate change) of the newer lists gives the ``_cc`` word.
TRI_SCENARIO_CODES: dict[str, str] = {
    "01for": "frequent",
    "02moy": "moyen",
    "03mcc": "moyen_cc",
    "04fai": "extreme",
    "01forcc": "frequent_cc",
    "04faicc": "extreme_cc",
}

#: Code for «several hazards» in the national list (9999999 in COVADIS).
MULTIPLE_HAZARDS = "999"

#: National list of hazard types (GASPAR, CNIG TypeAlea).
HAZARD_TYPES: dict[str, Text] = {
    "112": Text("inondation par débordement lent de cours d'eau", "slow river flood"),
    "113": Text("inondation par crue torrentielle ou à montée rapide", "flash or torrential flood"),
    "114": Text("inondation par ruissellement et coulée de boue", "surface runoff and mudflow"),
    "115": Text("lave torrentielle", "debris flow"),
    "116": Text("inondation par remontée de nappe", "groundwater flood"),
    "117": Text("submersion marine", "coastal flood"),
    "121": Text("effondrement d'origine anthropique (hors mines)", "man-made cavity collapse (mines apart)"),
    "122": Text("effondrement d'origine naturelle", "natural cavity collapse"),
    "123": Text("éboulement, chutes de pierres et de blocs", "rockfall"),
    "124": Text("glissement de terrain", "landslide"),
    "125": Text("avancée dunaire", "dune advance"),
    "126": Text("recul du trait de côte et de falaises", "coastal and cliff retreat"),
    "127": Text("tassements différentiels", "differential settlement"),
    "13": Text("séisme", "earthquake"),
    "14": Text("avalanche", "avalanche"),
    "15": Text("éruption volcanique", "volcanic eruption"),
    "16": Text("feu de forêt", "forest fire"),
    "171": Text("cyclone, ouragan", "cyclone, hurricane"),
    "172": Text("tempête et grains", "storm and squalls"),
    "174": Text("foudre", "lightning"),
    "175": Text("grêle", "hail"),
    "176": Text("neige et pluies verglaçantes", "snow and freezing rain"),
    "18": Text("radon", "radon"),
    "19": Text("tsunami", "tsunami"),
    "211": Text("effet thermique", "thermal effect"),
    "212": Text("effet de surpression", "overpressure effect"),
    "213": Text("effet toxique", "toxic effect"),
    "214": Text("effet de projection", "projection effect"),
    "22": Text("nucléaire", "nuclear"),
    "23": Text("rupture de barrage", "dam failure"),
    "24": Text("transport de marchandises dangereuses", "transport of dangerous goods"),
    "25": Text("engins de guerre", "unexploded ordnance"),
    "311": Text("effondrements miniers généralisés", "general mining collapse"),
    "312": Text("effondrements miniers localisés", "local mining collapse"),
    "313": Text("affaissements miniers progressifs", "progressive mining subsidence"),
    "314": Text("tassements miniers", "mining settlement"),
    "315": Text("glissements miniers", "mining slides"),
    "316": Text("coulées minières", "mining flows"),
    "317": Text("écroulements rocheux miniers", "mining rock collapse"),
    "321": Text("pollution minière des eaux", "mining pollution of water"),
    "322": Text("pollution minière des sols", "mining pollution of soil"),
    "33": Text("émission de gaz de mine", "mine gas"),
    "34": Text("échauffement de dépôts miniers", "heating of mining deposits"),
    MULTIPLE_HAZARDS: Text("plusieurs aléas, non détaillés", "several hazards, not detailed"),
}
