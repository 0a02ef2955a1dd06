"""The territory of a project: which layer fills which role, kept in the project file."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from qgis.core import QgsProject

from .facts import MEASURED, layer_facts, project_layers
from .guess import Units, guess_roles, guess_units, missing_columns

SCOPE = "territoire_sig"


@dataclass
class Territory:
    """Units and roles, by identifiers of layers; a role of the hand's choice is not guessed again.

    ``columns``: role → column → field of its layer, where the hand says what the names do not. ``folder``: the results,
    where the hand chose, relative to the project if need be; see results_folder.
    """

    units: Units = field(default_factory=Units)
    roles: dict = field(default_factory=dict)
    chosen: list = field(default_factory=list)
    columns: dict = field(default_factory=dict)
    folder: str = ""

    def choose(self, role, layer):
        """Have a layer fill a role, or none; what was said of the fields of another no longer holds."""
        self.columns.pop(role, None)
        if layer:
            self.roles[role] = layer
        else:
            self.roles.pop(role, None)
        if role not in self.chosen:
            self.chosen.append(role)

    def keep(self, layers):
        """Forget the roles whose layer is not among these."""
        self.roles = {role: layer for role, layer in self.roles.items() if layer in layers}
        self.columns = {role: named for role, named in self.columns.items() if role in self.roles}

    def choose_units(self, units):
        """Have a layer be the units."""
        self.units = units
        if "unites" not in self.chosen:
            self.chosen.append("unites")


def read_territory(project=None):
    """Return what the project file says; layers that have left the project are forgotten."""
    project = project or QgsProject.instance()
    text, known = project.readEntry(SCOPE, "territoire", "")
    try:
        content = json.loads(text) if known and text else {}
        found = Territory(
            Units(**content.get("units", {})),
            dict(content.get("roles", {})),
            list(content.get("chosen", [])),
            dict(content.get("columns", {})),
            str(content.get("folder", "")),
        )
    except (ValueError, TypeError, AttributeError):
        return Territory()
    there = project_layers(project)
    found.keep(there)
    if found.units.layer not in there:
        found.units = Units()
    return found


def write_territory(territory, project=None):
    """Keep the territory in the project, which then has something to save."""
    project = project or QgsProject.instance()
    text = json.dumps(asdict(territory), ensure_ascii=False, sort_keys=True)
    if project.readEntry(SCOPE, "territoire", "")[0] != text:
        project.writeEntry(SCOPE, "territoire", text)


def results_folder(territory, project=None):
    """Return where the results go: where the hand chose, else ``diagnostic``, beside the project.

    None where that is nowhere: the project was never saved.
    """
    folder, home = Path(territory.folder or "diagnostic"), _home(project)
    if folder.is_absolute():
        return folder
    return home / folder if home else None


def kept_folder(folder, project=None):
    """Return a folder as the project keeps it: relative in its own, so that a copy of the project has its own too."""
    home = _home(project)
    try:
        return Path(folder).relative_to(home).as_posix() if folder and home else folder
    except ValueError:
        return folder


def _home(project):
    """Return the folder of the project, None where it was never saved to one."""
    project = project or QgsProject.instance()
    home = Path(project.homePath())
    return home if project.fileName() and home.is_absolute() else None


def complete(territory, roles, project=None):
    """Guess what the hand has not chosen; return the territory."""
    layers = project_layers(project).values()
    facts = [layer_facts(layer) for layer in layers if not layer.customProperty(MEASURED)]
    if "unites" not in territory.chosen and not territory.units.layer:
        territory.units = guess_units(facts)
    used = set(territory.roles.values())
    free = [item for item in facts if item.id not in used]
    wanted = {
        name: role for name, role in roles.items() if name not in territory.chosen and name not in territory.roles
    }
    territory.roles.update(guess_roles(free, wanted))
    return territory


def usable_roles(territory, roles, project=None):
    """Return the roles whose layer lacks no required column."""
    facts = {key: layer_facts(layer) for key, layer in project_layers(project).items()}
    return [
        role
        for role, key in territory.roles.items()
        if role in roles and key in facts and not _lacks(roles[role], facts[key], territory.columns.get(role, {}))
    ]


def _lacks(declared, facts, given):
    return facts.geometry != "raster" and missing_columns(declared, facts.fields, given)
