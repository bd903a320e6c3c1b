"""HubSpot's answers, validated.  A partial or foreign shape raises `Malformed`: half a list is never a list.

Envelopes go through marshmallow.  Records are checked by hand: a schema run for each record would be most of the
cost of a scan.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from crm_gdpr.sync.errors import Malformed
from crm_gdpr.sync.records import Past, Record


class Id(fields.Field[str]):
    """An id: text on most paths, a JSON number on some, always text here."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise ValidationError("not an id")
        return str(value)


class Items(fields.Field[list[dict[str, Any]]]):
    """A list of objects, each of which is looked at later."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise ValidationError("not a list of objects")
        return value


class Lenient(Schema):
    """HubSpot adds fields without notice; those we do not know do not matter."""

    class Meta:
        unknown = EXCLUDE


class NextSchema(Lenient):
    """The cursor of the next page."""

    after = Id(required=True)


class PagingSchema(Lenient):
    """Whether another page follows."""

    next = fields.Nested(NextSchema, load_default=None, allow_none=True)


class AnswerSchema(Lenient):
    """What every answer with a list in it must have."""

    results = Items(required=True)  # a field for each of hundreds of records would cost more than the records
    paging = fields.Nested(PagingSchema, load_default=None, allow_none=True)
    errors = fields.List(fields.Dict(), load_default=list)
    num_errors = fields.Integer(load_default=0, data_key="numErrors")


class FromSchema(Lenient):
    """From whom an association goes."""

    id = Id(required=True)


class ToSchema(Lenient):
    """To whom an association goes."""

    to = Id(required=True, data_key="toObjectId")


class AssociationSchema(Lenient):
    """One line of an association read: from whom, to whom, and whether more follow."""

    origin = fields.Nested(FromSchema, required=True, data_key="from")
    to = fields.List(fields.Nested(ToSchema), required=True)
    paging = fields.Nested(PagingSchema, load_default=None, allow_none=True)


_ANSWER, _ASSOCIATION = AnswerSchema(), AssociationSchema()


@dataclass(frozen=True)
class Listed:
    """A validated list answer: its items, the cursor of the next page, and what went wrong for single items."""

    results: tuple[dict[str, Any], ...]
    after: str | None
    errors: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Associated:
    """The ids one record is associated with, and the cursor to the rest of them."""

    origin: str
    to: tuple[str, ...]
    after: str | None


def listed(answer: Mapping[str, Any]) -> Listed:
    """A list answer, whole.  Where errors are counted but not listed, what is missing cannot be named."""
    loaded = _load(_ANSWER, answer)
    if loaded["num_errors"] and not loaded["errors"]:
        raise Malformed.because("an answer that counts errors and lists none")
    return Listed(tuple(loaded["results"]), _after(loaded), tuple(loaded["errors"]))


def association(item: Mapping[str, Any]) -> Associated:
    """One line of an association read; a record met under several labels is one record."""
    loaded = _load(_ASSOCIATION, item)
    to = tuple(dict.fromkeys(each["to"] for each in loaded["to"]))
    return Associated(loaded["origin"]["id"], to, _after(loaded))


def record(kind: str, item: Mapping[str, Any]) -> Record:
    """One record, with the ids of associated ones where they were asked for."""
    identity, properties = _id(item), item.get("properties")
    if not isinstance(properties, dict):
        raise Malformed.because(f"{kind}/{identity} without properties")
    if not all(value is None or isinstance(value, str) for value in properties.values()):
        raise Malformed.because(f"{kind}/{identity} with a value that is neither text nor null")
    return Record(
        kind,
        identity,
        properties,
        {name: tuple(dict.fromkeys(map(_id, found))) for name, found in _inline(item).items()},
        archived=item.get("archived") is True,
        created_at=instant(item.get("createdAt")),
        updated_at=instant(item.get("updatedAt")),
        archived_at=instant(item.get("archivedAt")),
        history=_history(item.get("propertiesWithHistory")),
    )


def _history(given: object) -> dict[str, tuple[Past, ...]]:
    """The values properties had, the newest first; an answer without them has none."""
    if not given:
        return {}
    if not isinstance(given, dict) or not all(isinstance(entries, list) for entries in given.values()):
        raise Malformed.because("a history that is not a list of values")
    return {name: tuple(_past(each) for each in entries) for name, entries in given.items()}


def _past(entry: Mapping[str, Any]) -> Past:
    return Past(str(entry.get("value") or ""), instant(entry.get("timestamp")), str(entry.get("sourceType") or ""))


def cut_short(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of which more records are associated than the answer lists."""
    lists = item.get("associations") or {}
    return tuple(name for name, found in lists.items() if (found.get("paging") or {}).get("next"))


def only_asked(found: Collection[str], asked: Collection[str]) -> None:
    """Nothing may be in an answer that was not in the question."""
    if foreign := set(found) - set(asked):
        raise Malformed.because(f"an answer with {len(foreign)} records that were not asked for")


def instant(value: object) -> datetime | None:
    """An instant as HubSpot writes it, ISO 8601 or milliseconds; None where it is neither."""
    try:
        if isinstance(value, str) and not value.isdigit():
            at = datetime.fromisoformat(value)
            return at if at.tzinfo else None
        return datetime.fromtimestamp(int(value) / 1000, UTC) if isinstance(value, str | int) else None
    except (ValueError, OverflowError, OSError):
        return None


def _inline(item: Mapping[str, Any]) -> dict[str, list[Any]]:
    lists = item.get("associations") or {}
    if not isinstance(lists, dict) or not all(_is_list(found) for found in lists.values()):
        raise Malformed.because("a record with associations that are not lists")
    return {name: found["results"] for name, found in lists.items()}


def _is_list(found: object) -> bool:
    return isinstance(found, dict) and isinstance(found.get("results"), list)


def _id(item: object) -> str:
    value = item.get("id") if isinstance(item, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise Malformed.because("a record without an id")
    return str(value)


def _after(loaded: Mapping[str, Any]) -> str | None:
    paging = loaded["paging"]
    return paging["next"]["after"] if paging and paging["next"] else None


def _load(schema: Schema, value: Any) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(value)
    except ValidationError as error:
        names = ", ".join(map(str, error.messages_dict))
        raise Malformed.because(f"an answer without a usable {names}") from error
    return loaded
