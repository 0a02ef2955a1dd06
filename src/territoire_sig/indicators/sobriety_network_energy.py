"""Energy of networks: what copper, fibre and mobile sites use, and what leaving copper would save."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter
from ..model.policies import Policy
from ..overlay import assign_zone, interpolate
from ..texts import Text
from .entrance import opened_in_bounds
from .exposure import complete
from .knowledge import Known, everywhere, measurement, unknown
from .supports import network_sites

__all__ = ["ANALYSIS", "sobriety_network_energy"]

KWH_PER_MWH = 1000
LINES = {"copper": "lignes_cuivre", "fibre": "lignes_fibre"}
OUTPUTS = (
    Output("network_copper_mwh", Text("Énergie du réseau de cuivre", "Energy of the copper network"), "MWh/an", -1),
    Output("network_fibre_mwh", Text("Énergie du réseau de fibre", "Energy of the fibre network"), "MWh/an", -1),
    Output("network_mobile_mwh", Text("Énergie des sites mobiles", "Energy of mobile sites"), "MWh/an", -1),
    Output(
        "network_copper_saving_mwh",
        Text("Énergie évitée si le cuivre passait en fibre", "Energy saved if copper moved to fibre"),
        "MWh/an",
        minimum=None,
    ),
)


def _factor(name: str, fr: str, en: str, default: float) -> Parameter:
    return Parameter(name, Text(fr, en), "kWh/an", default, minimum=0.0, maximum=1_000_000.0)


PARAMETERS = (
    _factor("kwh_ligne_cuivre", "énergie d'une ligne de cuivre", "energy of a copper line", 35.0),
    _factor("kwh_ligne_fibre", "énergie d'une ligne de fibre", "energy of a fibre line", 10.0),
    _factor("kwh_site_mobile", "énergie d'un site mobile d'un opérateur", "energy of a site of one operator", 25_500.0),
)


def sobriety_network_energy(
    units: gpd.GeoDataFrame,
    *,
    acces_fixe: gpd.GeoDataFrame | None = None,
    site_mobile: gpd.GeoDataFrame | None = None,
    kwh_ligne_cuivre: float = 35.0,
    kwh_ligne_fibre: float = 10.0,
    kwh_site_mobile: float = 25_500.0,
) -> Measurement:
    """Estimate the yearly energy of the access networks of each unit, and what leaving copper would save.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    acces_fixe : GeoDataFrame or None
        Polygons with ``lignes_cuivre`` and ``lignes_fibre``, shared out by area; NaN is unknown.
    site_mobile : GeoDataFrame or None
        Points, one an operator and a support; those planned or out of service are left out.
    kwh_ligne_cuivre, kwh_ligne_fibre, kwh_site_mobile : float
        kWh a year of one line, and of one site of one operator.

    Returns
    -------
    Measurement
        ``network_copper_mwh``, ``network_fibre_mwh``, ``network_mobile_mwh``, ``network_copper_saving_mwh``, in
        MWh a year. The known share is that of the unit's area where the number of lines is known; NaN where one
        hundredth or more of it is not.

    References
    ----------
    Arcep (2022), enquête annuelle « Pour un numérique soutenable », 2020 data.

    Examples
    --------
    >>> import shapely
    >>> square = [shapely.box(0, 0, 99, 99)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=square, index=["1"], crs=2154)
    >>> told = {"code_insee": ["1"], "lignes_cuivre": [400.0], "lignes_fibre": [100.0]}
    >>> lines = gpd.GeoDataFrame(told, geometry=square, crs=2154)
    >>> sobriety_network_energy(units, acces_fixe=lines).values.loc["1"].round(6).tolist()
    [14.0, 1.0, nan, 10.0]
    """
    units, lines, site_mobile = opened_in_bounds(units, acces_fixe=acces_fixe, site_mobile=site_mobile)
    count = {kind: _lines(units, lines, column) for kind, column in LINES.items()}
    spared = kwh_ligne_cuivre - kwh_ligne_fibre
    columns = {
        "network_copper_mwh": _times(count["copper"], kwh_ligne_cuivre),
        "network_fibre_mwh": _times(count["fibre"], kwh_ligne_fibre),
        "network_mobile_mwh": _times(_sites(units, site_mobile), kwh_site_mobile),
        "network_copper_saving_mwh": _times(count["copper"], spared),
    }
    return measurement(units, columns)


def _times(count: Known, kwh: float) -> Known:
    return Known(count.value * kwh / KWH_PER_MWH, count.share)


def _lines(units: gpd.GeoDataFrame, lines: gpd.GeoDataFrame | None, column: str) -> Known:
    """Return the lines in service in each unit, shared out by area where the layer has other units."""
    if lines is None:
        return unknown(units)
    told = lines if column in lines.columns else lines.assign(**{column: np.nan})
    moved = interpolate(told[[column, "geometry"]], units, extensive=[column])
    return complete(Known(moved.values[column], moved.known_share[column]))


def _sites(units: gpd.GeoDataFrame, sites: gpd.GeoDataFrame | None) -> Known:
    """Return the mobile sites in use in each unit, one an operator and a support."""
    if sites is None:
        return unknown(units)
    zone = assign_zone(network_sites(sites), units)
    return Known(zone.value_counts().reindex(units.index, fill_value=0).astype(float), everywhere(units))


ANALYSIS = Declaration(
    id="sobriety_network_energy",
    title=Text("Énergie des réseaux d'accès", "Energy of access networks"),
    summary=Text(
        "Combien d'énergie le cuivre, la fibre et les sites mobiles consomment-ils, et que gagnerait-on à quitter le "
        "cuivre ?",
        "How much energy do copper, fibre and mobile sites use, and what would leaving copper save?",
    ),
    policies=(Policy.NUMERIQUE, Policy.ENERGIE),
    inputs=(Input("acces_fixe", required=False), Input("site_mobile", required=False)),
    one_of=(("acces_fixe", "site_mobile"),),
    outputs=OUTPUTS,
    formula=Text(
        "Énergie = nombre de lignes (ou de sites) × facteur. Énergie évitée = lignes de cuivre × (kwh_ligne_cuivre − "
        "kwh_ligne_fibre). Facteurs par défaut : 35 kWh par abonnement de cuivre et 10 kWh par abonnement de fibre "
        "(Arcep, 2020 : « environ 35 » et « moins de 10 ») ; 25 500 kWh par site et par opérateur, ordre de grandeur "
        "déduit de la même enquête (58 % de 3 803 GWh) et des 86 444 sites mobiles relevés au 30 juin 2020. Exemple : "
        "400 lignes de cuivre : 400 × 35 = 14 MWh ; en fibre, 4 MWh : 10 MWh évités.",
        "Energy = number of lines (or sites) × factor. Energy saved = copper lines × (kwh_ligne_cuivre − "
        "kwh_ligne_fibre). Default factors: 35 kWh a copper subscription and 10 kWh a fibre one (Arcep, 2020: “about "
        "35” and “less than 10”); 25,500 kWh a site and an operator, an order of magnitude drawn from the same survey "
        "(58 % of 3,803 GWh) and the 86,444 mobile sites counted on 30 June 2020. Example: 400 copper lines: 400 × 35 "
        "= 14 MWh; in fibre, 4 MWh: 10 MWh saved.",
    ),
    reading=Text(
        "14 signifie que les lignes de l'unité consomment environ 14 MWh par an dans le réseau d'accès.",
        "14 means that the lines of the unit use about 14 MWh a year in the access network.",
    ),
    limits=Text(
        "Moyennes nationales de 2020, réseau d'accès seul : ni box, ni téléphones, ni centres de données, ni "
        "fabrication. Le réseau de cuivre consomme presque autant quand il se vide : l'économie ne vient qu'à sa "
        "fermeture. Un nombre de lignes inconnu reste inconnu, et avec lui l'énergie d'une unité dont il prend un "
        "centième ou plus de la surface.",
        "National means of 2020, access network alone: no box, phone, data centre or manufacture. The copper network "
        "uses almost as much while it empties: the saving comes only with its closure. An unknown number of lines "
        "stays unknown, and with it the energy of a unit of whose area it takes one hundredth or more.",
    ),
    reference="Arcep (2022), enquête annuelle « Pour un numérique soutenable », 1re édition, données de 2020 ; Sénat, "
    "avis n° 142 (2020-2021), tome III, fascicule 9 (86 444 sites mobiles au 30 juin 2020).",
    function=sobriety_network_energy,
    parameters=PARAMETERS,
)
