"""The labels an account gives to associations: defined once for two object types, in both directions."""

from dataclasses import replace

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.actor import Actor
from crm_gdpr.emulator.associating import Associating
from crm_gdpr.emulator.association_types import USER, AssociationType
from crm_gdpr.emulator.errors import Exists, Malformed, NotFound


class Labelling(Associating):
    """Define, rename and remove labels."""

    @locked
    def add_label(
        self, from_kind: str, to_kind: str, name: str, label: str, inverse: str | None = None
    ) -> tuple[AssociationType, AssociationType]:
        """One label for both directions, or one for each. Within one object type a single label has a single id."""
        if any(known.name == name for known in self.types.between(from_kind, to_kind)):
            raise Exists(f"An association type named '{name}' already exists.")
        self.type_between(from_kind, to_kind, None)
        id_ = next(self._type_ids)
        reverse_id = id_ if from_kind == to_kind and inverse is None else next(self._type_ids)
        there = AssociationType(from_kind, to_kind, id_, reverse_id, label, USER, name)
        back = AssociationType(to_kind, from_kind, reverse_id, id_, inverse or label, USER, name)
        self.types.put(back)
        self.types.put(there)
        return there, back

    @locked
    def rename_label(self, from_kind: str, to_kind: str, id_: int, label: str, inverse: str | None = None) -> None:
        there = self._own_label(from_kind, to_kind, id_)
        back = self.type_between(to_kind, from_kind, there.reverse_id)
        self.types.put(replace(back, label=inverse or (label if back.label == there.label else back.label)))
        self.types.put(replace(there, label=label))

    @locked
    def remove_label(self, from_kind: str, to_kind: str, id_: int, *, actor: Actor) -> None:
        """Every pair that has it loses it and stays associated."""
        type_ = self._own_label(from_kind, to_kind, id_)
        for one, other in self.links.pairs(type_):
            if id_ in self.links.between(one, other):
                self.links.remove(one, other, id_)
                self._told_of(one, other, type_, actor, removed=True)
        self.types.remove(type_)

    def _own_label(self, from_kind: str, to_kind: str, id_: int) -> AssociationType:
        known = self.types.get(from_kind, to_kind, id_)
        if known is None:
            raise NotFound("association type", id_)
        if known.category != USER or known.label is None:
            raise Malformed(f"Association type {id_} is defined by HubSpot and cannot be changed")
        return known
