"""Words of travel times to services: outputs, formula, reading, limits, classes of the map."""

from __future__ import annotations

from ..model.declaration import Output, Parameter
from ..texts import Text
from .services import Service
from .ways import MODES

__all__ = ["CLASSES", "FORMULA", "LIMITS", "READING", "WITHIN", "outputs", "overall"]

WITHIN = Parameter(
    "temps_max_min",
    Text("temps en deçà duquel un lieu est proche", "time within which a place is near"),
    "min",
    20.0,
    1.0,
    240.0,
)

FORMULA = Text(
    "Temps d'un habitant = du domicile au réseau (à vol d'oiseau, à pied) + rues ÷ vitesse + du réseau au lieu ; en "
    "transport en commun s'ajoutent, à chaque montée, la moitié de l'intervalle entre deux passages, puis le temps de "
    "parcours ; rester à bord vers un tronçon moins desservi ajoute la moitié de la différence "
    "des intervalles. Le plus court chemin vers le lieu le plus proche est retenu. "
    "Temps moyen = Σ habitants × minutes ÷ "
    "Σ habitants, sur ceux qui peuvent atteindre un lieu. Exemple : 30 habitants à 800 m du lieu et 10 à 0 m, à 6 km/h "
    "(100 m par minute) : (30 × 8 + 10 × 0) ÷ 40 = 6 min ; à moins de 5 minutes : 10 ÷ 40 = 0,25.",
    "Time of an inhabitant = from home to the network (as the crow flies, on foot) + streets ÷ speed + from the "
    "network to the place; by transit, each boarding adds half the headway, then the running "
    "time; staying aboard to a stretch "
    "that is served less often adds half the difference of the headways. The shortest path "
    "to the nearest place is kept. Mean time = Σ inhabitants × minutes ÷ Σ inhabitants, over those who can reach a "
    "place. Example: 30 inhabitants 800 m from the place and 10 at 0 m, at 6 km/h (100 m a minute): "
    "(30 × 8 + 10 × 0) ÷ 40 = 6 min; within 5 minutes: 10 ÷ 40 = 0.25.",
)
READING = Text(
    "0,42 signifie que 42 % des habitants dont le domicile est raccordé au réseau atteignent un lieu dans le temps "
    "choisi. Un temps moyen de 12 se lit avec la part des habitants qui peuvent atteindre un lieu : ceux qui ne le "
    "peuvent pas n'y comptent pas.",
    "0.42 means that 42 % of the inhabitants whose home is on the network reach a place within the chosen time. A mean "
    "time of 12 is read with the share of inhabitants who can reach a place: those who cannot do not count in it.",
)
LIMITS = Text(
    "Un habitant qu'aucun chemin ne mène à un lieu (îlot du réseau) est injoignable : il compte dans les parts, non "
    "dans le temps moyen. Un domicile trop loin du réseau est inconnu : la part connue le dit. Le relief, les feux et "
    "la sécurité des itinéraires ne comptent pas, ni les sens uniques. L'attente suppose des passages réguliers et des "
    "voyageurs qui arrivent au hasard ; les lignes d'un tronc commun ne s'additionnent pas. Une population donnée par "
    "grands polygones est répartie tous les 500 m. Les lieux itinérants et, sauf s'ils sont dans la couche, ceux des "
    "territoires voisins ne comptent pas. Si les rues se croisent sans sommet commun plus souvent qu'elles ne se "
    "rejoignent, elles sont jointes à tout croisement, ponts compris (paramètre jonctions).",
    "An inhabitant whom no way leads to a place (an island of the network) cannot reach one: they count in shares, not "
    "in the mean time. A home too far from the network is unknown: the known share says so. Slopes, lights and the "
    "safety of routes do not count, nor do one-way streets. The wait supposes regular departures and passengers who "
    "come at random; lines that share a trunk are not added up. A population given by large polygons is spread every "
    "500 m. Mobile places do not count, nor do those of neighbouring territories unless they are in the layer. Where "
    "streets cross without a common vertex more often than they meet, they are joined wherever they cross, bridges "
    "included (parameter jonctions).",
)
CLASSES = {
    "proche": (Text("à pied, dans le temps choisi", "on foot, within the chosen time"), "#0072b2"),
    "loin": (Text("à pied, au-delà", "on foot, beyond it"), "#e69f00"),
    "injoignable": (Text("aucun chemin", "no way"), "#d55e00"),
    "hors_reseau": (Text("trop loin du réseau", "too far from the network"), "#999999"),
}


def outputs(service: Service) -> tuple[Output, ...]:
    """Return the outputs of a service: three by mode, then the distance to the network."""
    told: list[Output] = []
    for mode, how in MODES.items():
        to = {"p": service.place, "how": how}
        told += [
            Output(
                f"{service.prefix}_{mode}_min",
                Text(
                    "Temps moyen $how vers : $p (de ceux qui y parviennent)", "Mean time $how to: $p (of those who can)"
                ).fill(**to),
                "min",
            ),
            Output(
                f"{service.prefix}_{mode}_within_share",
                Text(
                    "Part des habitants à moins du temps choisi, $how, de : $p",
                    "Share of inhabitants within the chosen time, $how, of: $p",
                ).fill(**to),
                "part",
                better=1,
            ),
            Output(
                f"{service.prefix}_{mode}_reachable_share",
                Text(
                    "Part des habitants qui peuvent atteindre, $how : $p",
                    "Share of inhabitants who can reach, $how: $p",
                ).fill(**to),
                "part",
                better=1,
            ),
        ]
    snap = Text(
        "Distance moyenne du domicile au réseau, vers : $p", "Mean distance from home to the network, towards: $p"
    )
    return (*told, Output(f"{service.prefix}_snap_m", snap.fill(p=service.place), "m"))


def overall(service: Service) -> tuple[Output, ...]:
    """Return what is told of the network as a whole."""
    prefix = service.prefix
    return (
        Output(
            f"{prefix}_network_island_count", Text("Îlots du réseau de voirie", "Islands of the road network"), "nombre"
        ),
        Output(
            f"{prefix}_network_main_share",
            Text("Part de la longueur du réseau sur son plus grand îlot", "Share of the network on its longest island"),
            "part",
            better=1,
        ),
        Output(
            f"{prefix}_network_bare_crossing_count",
            Text("Croisements de rues sans sommet commun", "Street crossings without a common vertex"),
            "nombre",
        ),
        Output(
            f"{prefix}_place_off_network_count",
            Text("Lieux trop loin du réseau pour y être raccordés", "Places too far from the network to be on it"),
            "nombre",
            better=-1,
        ),
    )
