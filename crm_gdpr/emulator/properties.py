"""Property definitions and groups of one object type: read, made, changed, archived, restored and purged."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crm_gdpr.emulator.errors import Exists, InUse, Malformed, NotFound, Problem

FIELD_TYPES = {
    "bool": {"booleancheckbox", "calculation_equation"},
    "date": {"date"},
    "datetime": {"date"},
    "enumeration": {"booleancheckbox", "checkbox", "radio", "select", "calculation_equation"},
    "number": {"number", "calculation_equation"},
    "phone_number": {"phonenumber", "text"},
    "string": {"file", "text", "textarea", "calculation_equation", "html", "phonenumber"},
}
SENSITIVITIES = ("non_sensitive", "sensitive", "highly_sensitive")
MOST_UNIQUE = 10
"""Of an account's own, for each object type."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    display_order: int = -1
    hidden: bool = False
    description: str = ""


@dataclass(frozen=True)
class Property:
    """What one property is, and what it lets others write."""

    name: str
    label: str
    group: str
    type: str = "string"
    field_type: str = "text"
    options: tuple[Option, ...] = ()
    description: str = ""
    read_only: bool = False
    calculated: bool = False
    external_options: bool = False
    unique: bool = False
    hubspot_defined: bool = False
    hidden: bool = False
    form_field: bool = False
    display_order: int = -1
    created_ms: int = 0
    updated_ms: int = 0
    archived: bool = False
    sensitivity: str = SENSITIVITIES[0]

    @property
    def is_sensitive(self) -> bool:
        return self.sensitivity != SENSITIVITIES[0]

    @property
    def is_told(self) -> bool:
        """Of what is calculated, and of highly sensitive values, apps hear nothing."""
        return not self.read_only and self.sensitivity != SENSITIVITIES[-1]

    @property
    def is_multiple(self) -> bool:
        return self.field_type == "checkbox"


@dataclass(frozen=True)
class Group:
    name: str
    label: str
    display_order: int = -1


@dataclass
class Catalogue:
    """The definitions of one object type."""

    properties: dict[str, Property] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._binned: set[str] = set()
        self.unique = {prop.name for prop in self.properties.values() if prop.unique}

    def get(self, name: str) -> Property:
        found = self.properties.get(name)
        if found is None or found.archived:
            raise NotFound("property", name)
        return found

    def find(self, name: str, *, archived: bool) -> Property:
        """Either a property in use or, asked for so, one that was archived."""
        found = self.properties.get(name)
        if found is None or found.archived is not archived:
            raise NotFound("property", name)
        return found

    def known(self, names: Iterable[str]) -> list[str]:
        """Unknown names are ignored on read, as HubSpot does; archived ones are no longer known."""
        return [name for name in names if name in self.properties and name not in self._binned]

    def create(self, new: Property) -> Property:
        """A taken name is refused; an archived one comes back, and the values of records with it."""
        present = self.properties.get(new.name)
        if present and not present.archived:
            raise Exists(f"A property named '{new.name}' already exists.")
        self._check(new)
        if new.unique and sum(p.unique and not p.hubspot_defined for p in self.properties.values()) >= MOST_UNIQUE:
            raise Malformed(f"An object type has at most {MOST_UNIQUE} properties with unique values")
        self.properties[new.name] = new
        self._binned.discard(new.name)
        self.unique |= {new.name} if new.unique else set()
        return new

    def update(self, name: str, changes: Mapping[str, Any], at_ms: int) -> Property:
        """Options given replace the whole list; of HubSpot's own definitions nothing else can be changed."""
        present = self.get(name)
        if present.hubspot_defined and changes.keys() - (set() if present.read_only else {"options"}):
            raise Malformed(f"Property {name} is defined by HubSpot and its definition cannot be changed")
        changed = replace(present, **changes, updated_ms=at_ms)
        self._check(changed)
        self.properties[name] = changed
        return changed

    def archive(self, name: str, at_ms: int) -> None:
        self.properties[name] = replace(self.properties[name], archived=True, updated_ms=at_ms)
        self._binned.add(name)

    def may_archive(self, name: str, in_use: Container[str]) -> None:
        if self.get(name).hubspot_defined:
            raise Malformed(f"Property {name} is defined by HubSpot and cannot be archived")
        if name in in_use:
            raise InUse(f"Property {name} is in use and cannot be archived")

    def purge(self, before_ms: int) -> set[str]:
        """Forget what was archived at this moment or earlier, and name it."""
        gone = {name for name in self._binned if self.properties[name].updated_ms <= before_ms}
        for name in gone:
            del self.properties[name]
        self._binned -= gone
        self.unique -= gone
        return gone

    def create_group(self, group: Group) -> Group:
        if group.name in self.groups:
            raise Exists(f"A property group named '{group.name}' already exists.")
        self.groups[group.name] = group
        return group

    def update_group(self, name: str, **changes: Any) -> Group:
        self.groups[name] = replace(self.group(name), **changes)
        return self.groups[name]

    def archive_group(self, name: str) -> None:
        """A group goes only when it is empty, as in HubSpot's own pages."""
        self.group(name)
        if any(prop.group == name and not prop.archived for prop in self.properties.values()):
            raise InUse(f"Property group {name} still has properties")
        del self.groups[name]

    def group(self, name: str) -> Group:
        if name not in self.groups:
            raise NotFound("group", name)
        return self.groups[name]

    def _check(self, new: Property) -> None:
        if not _NAME.fullmatch(new.name):
            raise Malformed(f"Property name {new.name!r} must be lower case letters, digits and underscores")
        if new.field_type not in FIELD_TYPES.get(new.type, ()):
            raise Malformed(f"fieldType {new.field_type} is not allowed for type {new.type}")
        if new.group not in self.groups:
            raise Malformed(f"Property group {new.group} does not exist")
        if new.type == "enumeration" and not new.options and not new.external_options:
            raise Malformed(f"Property {new.name} is an enumeration and needs options")
        if len({option.value for option in new.options}) < len(new.options):
            raise Malformed(f"Property {new.name} has several options of one value")
        if new.sensitivity not in SENSITIVITIES:
            raise Malformed(f"dataSensitivity is one of {', '.join(SENSITIVITIES)}, not {new.sensitivity}")


def unknown(name: str) -> Problem:
    return Problem(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
