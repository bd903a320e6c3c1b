"""HubSpot's own association types between two object types, by the numbers its documentation gives."""

from collections.abc import Iterator
from dataclasses import dataclass

# from, to, type id, reverse type id, name of the label
_TABLE = """
contacts companies 279 280
contacts companies 1 2 Primary
contacts deals 4 3
contacts tickets 15 16
contacts contacts 449 449
contacts calls 193 194
contacts emails 197 198
contacts meetings 199 200
contacts notes 201 202
contacts tasks 203 204
contacts communications 82 81
contacts postal_mail 454 453
deals companies 341 342
deals companies 5 6 Primary
tickets companies 339 340
tickets companies 26 25 Primary
companies companies 450 450
companies calls 181 182
companies emails 185 186
companies meetings 187 188
companies notes 189 190
companies tasks 191 192
companies communications 88 87
companies postal_mail 460 459
deals deals 451 451
deals tickets 27 28
deals calls 205 206
deals emails 209 210
deals meetings 211 212
deals notes 213 214
deals tasks 215 216
deals communications 86 85
deals postal_mail 458 457
contacts appointments 907 906
contacts carts 587 586
contacts commerce_payments 388 387
contacts courses 861 860
contacts feedback_submissions 97 98
contacts invoices 178 177
contacts leads 609 608
contacts listings 883 882
contacts orders 508 507
contacts quotes 70 69
contacts services 799 798
contacts subscriptions 296 295
companies subscriptions 298 297
deals subscriptions 300 299
companies quotes 72 71
deals line_items 19 20
deals quotes 63 64
quotes line_items 67 68
quotes tasks 217 218
tickets feedback_submissions 99 100
tickets tickets 452 452
tickets calls 219 220
tickets emails 223 224
tickets meetings 225 226
tickets notes 227 228
tickets tasks 229 230
tickets communications 84 83
tickets postal_mail 456 455
"""


HUBSPOT, USER = "HUBSPOT_DEFINED", "USER_DEFINED"


@dataclass(frozen=True)
class AssociationType:
    """One way two object types are associated. The unlabelled one stands for the association itself."""

    from_kind: str
    to_kind: str
    id: int
    reverse_id: int
    label: str | None = None
    category: str = HUBSPOT
    name: str = ""

    @property
    def is_primary(self) -> bool:
        return self.category == HUBSPOT and self.label is not None


def _own() -> Iterator[AssociationType]:
    for line in _TABLE.split("\n")[1:-1]:
        from_kind, to_kind, id_, reverse_id, *label = line.split()
        yield AssociationType(from_kind, to_kind, int(id_), int(reverse_id), label[0] if label else None)
        if id_ != reverse_id:
            yield AssociationType(to_kind, from_kind, int(reverse_id), int(id_), label[0] if label else None)


_OWN = {(known.from_kind, known.to_kind, known.id): known for known in _own()}


class AssociationTypes:
    """The association types of one account: HubSpot's own and those it adds."""

    def __init__(self) -> None:
        self._known = dict(_OWN)
        self._between: dict[tuple[str, str], dict[int, AssociationType]] = {}
        for known in self._known.values():
            self._between.setdefault((known.from_kind, known.to_kind), {})[known.id] = known

    def get(self, from_kind: str, to_kind: str, id_: int) -> AssociationType | None:
        return self._known.get((from_kind, to_kind, id_))

    def between(self, from_kind: str, to_kind: str) -> list[AssociationType]:
        return list(self._between.get((from_kind, to_kind), {}).values())

    def unlabelled(self, from_kind: str, to_kind: str) -> AssociationType | None:
        """The type every association between two object types has, if they can be associated at all."""
        return next((known for known in self.between(from_kind, to_kind) if known.label is None), None)

    def primary(self, from_kind: str, to_kind: str) -> AssociationType | None:
        return next((known for known in self.between(from_kind, to_kind) if known.is_primary), None)

    def to_kind(self, from_kind: str, id_: int, category: str) -> str | None:
        """The object type at the other end of a type."""
        ends = (
            t.to_kind for t in self._known.values() if (t.from_kind, t.id, t.category) == (from_kind, id_, category)
        )
        return next(ends, None)

    def put(self, type_: AssociationType) -> None:
        """Add or replace one direction."""
        self._known[type_.from_kind, type_.to_kind, type_.id] = type_
        self._between.setdefault((type_.from_kind, type_.to_kind), {})[type_.id] = type_

    def remove(self, type_: AssociationType) -> None:
        """Both directions go."""
        for known in ((type_.from_kind, type_.to_kind, type_.id), (type_.to_kind, type_.from_kind, type_.reverse_id)):
            self._known.pop(known, None)
            self._between[known[0], known[1]].pop(known[2], None)
