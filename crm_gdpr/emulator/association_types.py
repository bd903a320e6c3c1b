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
deals deals 451 451
deals tickets 27 28
deals calls 205 206
deals emails 209 210
deals meetings 211 212
deals notes 213 214
deals tasks 215 216
deals communications 86 85
tickets tickets 452 452
tickets calls 219 220
tickets emails 223 224
tickets meetings 225 226
tickets notes 227 228
tickets tasks 229 230
tickets communications 84 83
"""


@dataclass(frozen=True)
class AssociationType:
    from_kind: str
    to_kind: str
    id: int
    reverse_id: int
    label: str | None = None

    @property
    def is_primary(self) -> bool:
        return self.label is not None


def _types() -> Iterator[AssociationType]:
    for line in _TABLE.split("\n")[1:-1]:
        from_kind, to_kind, id_, reverse_id, *label = line.split()
        yield AssociationType(from_kind, to_kind, int(id_), int(reverse_id), label[0] if label else None)
        if id_ != reverse_id:
            yield AssociationType(to_kind, from_kind, int(reverse_id), int(id_), label[0] if label else None)


TYPES: dict[tuple[str, str, int], AssociationType] = {
    (known.from_kind, known.to_kind, known.id): known for known in _types()
}
_DEFAULT = {(known.from_kind, known.to_kind): known for known in TYPES.values() if not known.is_primary}
_PRIMARY = {(known.from_kind, known.to_kind): known for known in TYPES.values() if known.is_primary}


def default_type(from_kind: str, to_kind: str) -> AssociationType | None:
    """The unlabelled type between two object types, if they can be associated at all."""
    return _DEFAULT.get((from_kind, to_kind))


def primary_type(from_kind: str, to_kind: str) -> AssociationType | None:
    return _PRIMARY.get((from_kind, to_kind))
