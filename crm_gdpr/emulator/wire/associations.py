"""Associations in batches: read, written, and taken away, whole or a label at a time."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response

from crm_gdpr.emulator.links import Node
from crm_gdpr.emulator.wire.answers import JSON, answer, batch, nothing
from crm_gdpr.emulator.wire.association_input import absent, id_of, type_id_of
from crm_gdpr.emulator.wire.call import Call, needed, rows, whole
from crm_gdpr.emulator.wire.pairs import PAGE, associate, associate_plainly, towards

_MOST_READ, _MOST_WRITTEN = 1_000, 2_000
Row = Mapping[str, Any]


def read_pairs(call: Call, kind: str, to_kind: str) -> Response:
    """Neighbours of up to a thousand records; one without any is left out of the results and reported."""
    name, to_name = call.kind(kind), call.kind(to_kind)
    results, errors = [], []
    for one in call.inputs(_MOST_READ):
        id_, after = whole(needed(one, "id"), "id"), whole(one.get("after") or 0, "after")
        linked = neighbours(call, name, id_, to_name)
        page = [pair for pair in linked if pair[0] >= after][:PAGE]
        if not page:
            errors.append(nobody(call, name, to_name, id_))
            continue
        row: dict[str, Any] = {"from": {"id": str(id_)}, "to": [towards(call, name, to_name, *pair) for pair in page]}
        if page[-1] != linked[-1]:
            row["paging"] = {"next": {"after": str(page[-1][0] + 1)}}
        results.append(row)
    status = call.family.partial if errors else 200
    return answer(batch(results, errors, call.portal.clock.now()), status)


def create_pairs(call: Call, kind: str, to_kind: str) -> Response:
    def write(row: Row, one: Node, other: Node) -> list[dict[str, Any]]:
        return [associate(call, one, other, rows(needed(row, "types"), "types"))]

    return write_pairs(call, kind, to_kind, write, call.family.created)


def create_default_pairs(call: Call, kind: str, to_kind: str) -> Response:
    return write_pairs(call, kind, to_kind, lambda _row, one, other: associate_plainly(call, one, other), 200)


def archive_pairs(call: Call, kind: str, to_kind: str) -> Response:
    """Every association of each pair goes."""
    for _row, one, other in pairs(call, kind, to_kind):
        call.portal.dissociate(one, other, actor=call.actor)
    return _archived(call)


def archive_labels(call: Call, kind: str, to_kind: str) -> Response:
    """Only the types named go; without the unlabelled one nothing stays."""
    for row, one, other in pairs(call, kind, to_kind):
        for spec in rows(needed(row, "types"), "types"):
            call.portal.dissociate(one, other, type_id_of(call, one[0], other[0], spec), actor=call.actor)
    return _archived(call)


def pairs(call: Call, kind: str, to_kind: str) -> Iterator[tuple[Row, Node, Node]]:
    """Both ends of every input; an archive may name several at the far end."""
    name, to_name = call.kind(kind), call.kind(to_kind)
    for row in call.inputs(_MOST_WRITTEN):
        ends = needed(row, "to")
        for end in ends if isinstance(ends, list) else [ends]:
            yield row, (name, id_of(row, "from")), (to_name, id_of({"to": end}, "to"))


def write_pairs(
    call: Call, kind: str, to_kind: str, write: Callable[[Row, Node, Node], list[dict[str, Any]]], whole_: int
) -> Response:
    """A pair with somebody who is not there is reported beside the results."""
    results: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for row, one, other in pairs(call, kind, to_kind):
        missing = absent(call, one, other)
        if missing:
            errors.append({"status": "error", "category": "VALIDATION_ERROR", "message": missing})
        else:
            results += write(row, one, other)
    status = call.family.partial if errors and call.family.partial != 200 else whole_
    return answer(batch(results, errors, call.portal.clock.now()), status)


def neighbours(call: Call, kind: str, id_: int, to_kind: str) -> list[tuple[int, tuple[int, ...]]]:
    found = call.portal.live[kind].get(id_)
    return sorted((call.portal.indexed(found, to_kind) if found else {}).items())


def nobody(call: Call, kind: str, to_kind: str, id_: int) -> dict[str, Any]:
    one, other = call.portal.kinds[kind], call.portal.kinds[to_kind]
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {other.singular} is associated with {one.singular} {id_}.",
        "context": {"fromObjectId": [str(id_)], "fromObjectType": [one.type_id]},
    }


def _archived(call: Call) -> Response:
    """Recorded: an empty answer of v4 calls itself JSON."""
    return answer(batch([], [], call.portal.clock.now())) if call.family.archived == 200 else nothing(JSON)
