"""Object types of the account's own: defined with their properties and associations, deleted when they are empty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.association_types import USER, AssociationType
from crm_gdpr.emulator.bin import Bin
from crm_gdpr.emulator.catalogues import custom_catalogue
from crm_gdpr.emulator.errors import Exists, Malformed, NotFound
from crm_gdpr.emulator.kind import Kind
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.records import Shelf

FIRST_ACTIVITIES = ("calls", "emails", "meetings", "notes", "tasks")
_COMMON = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")


@dataclass(frozen=True)
class Schema:
    """What an object type of the account's own is, beside its properties."""

    kind: Kind
    name: str
    singular: str
    plural: str
    display: str
    display_beside: tuple[str, ...] = ()
    created_ms: int = 0
    updated_ms: int = 0


@dataclass(frozen=True)
class Draft:
    """A definition asked for."""

    name: str
    singular: str
    plural: str
    properties: Sequence[Property]
    display: str = ""
    display_beside: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    searchable: tuple[str, ...] = ()
    associated: Iterable[str] = ()


class Defining(Bin):
    """Define, change and delete object types."""

    def _empty(self) -> None:
        super()._empty()
        self.schemas: dict[str, Schema] = {}

    @locked
    def define(self, draft: Draft) -> Schema:
        """Make an object type, associated with common activities and what else is asked for."""
        name = f"p{self.portal_id}_{draft.name.lower()}"
        if name in self.kinds:
            raise Exists(f"An object type named '{draft.name}' already exists.")
        given = {prop.name for prop in draft.properties}
        strange = {draft.display, *draft.display_beside, *draft.required, *draft.searchable} - given - {""}
        if strange:
            raise Malformed(f"Properties {', '.join(sorted(strange))} are not defined")
        type_id, now_ms = f"2-{next(self._schema_ids)}", self.clock.now_ms()
        kind = Kind(name, name, type_id, _COMMON, required=draft.required, searched=draft.searchable)
        catalogue = custom_catalogue(f"{draft.name.lower()}_information", draft.singular, draft.properties)
        kinds = [self.kinds.of(alias).name for alias in draft.associated]
        self._open(kind)
        self.catalogues[name] = catalogue
        for to_kind in dict.fromkeys((*FIRST_ACTIVITIES, *kinds)):
            self._associate_kinds(name, to_kind)
        display = draft.display or next(iter(given), "hs_object_id")
        self.schemas[name] = Schema(
            kind, draft.name, draft.singular, draft.plural, display, draft.display_beside, now_ms, now_ms
        )
        return self.schemas[name]

    def schema(self, alias: str) -> Schema:
        name = self.kinds.of(alias).name
        if name not in self.schemas:
            raise NotFound("schema", alias)
        return self.schemas[name]

    @locked
    def change_schema(self, alias: str, *, kind: dict[str, Any], **changes: Any) -> Schema:
        """What records must have is a matter of their object type."""
        known = self.schema(alias)
        changed = replace(known, kind=replace(known.kind, **kind), updated_ms=self.clock.now_ms(), **changes)
        self.kinds.add(changed.kind)
        self.schemas[changed.kind.name] = changed
        return changed

    @locked
    def delete_schema(self, alias: str) -> None:
        """Only an object type without records goes; those in the recycle bin go with it."""
        name = self.schema(alias).kind.name
        if len(self.live[name]):
            raise Malformed(f"Object type {name} still has {len(self.live[name])} records")
        for record in list(self.bin[name]):
            self._gone(name, record.id)
        for type_ in self.associations_of(name):
            self.types.remove(type_)
        self.kinds.drop(self.schemas.pop(name).kind)
        for shelves in (self.live, self.bin, self.catalogues):
            del shelves[name]

    @locked
    def associate_schema(self, alias: str, to_alias: str, name: str = "") -> AssociationType:
        from_kind, to_kind = self.kinds.of(alias).name, self.kinds.of(to_alias).name
        if self.types.unlabelled(from_kind, to_kind):
            raise Exists(f"{from_kind} and {to_kind} are associated already.")
        return self._associate_kinds(from_kind, to_kind, name)

    @locked
    def dissociate_schema(self, alias: str, name_or_id: str) -> None:
        for type_ in self.associations_of(self.schema(alias).kind.name):
            if name_or_id in (type_.name, str(type_.id)):
                for one, other in self.links.pairs(type_):
                    self.links.remove(one, other, type_.id)
                self.types.remove(type_)
                return
        raise NotFound("association", name_or_id)

    def associations_of(self, kind: str) -> list[AssociationType]:
        return [type_ for to_kind in self.kinds for type_ in self.types.between(kind, to_kind)]

    def _open(self, kind: Kind) -> None:
        self.kinds.add(kind)
        self.live[kind.name], self.bin[kind.name] = Shelf(), Shelf()

    def _associate_kinds(self, one: str, other: str, name: str = "") -> AssociationType:
        there, back = next(self._type_ids), next(self._type_ids)
        called = name or f"{one}_to_{self.kinds[other].singular}"
        self.types.put(AssociationType(other, one, back, there, None, USER, called))
        self.types.put(AssociationType(one, other, there, back, None, USER, called))
        return self.type_between(one, other, there)
