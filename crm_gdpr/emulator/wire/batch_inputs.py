"""The inputs of a batch of records: which are there, and which of them the account would take.

One value that is refused fails the whole batch, unless every input carries its own ``objectWriteTraceId``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_gdpr.emulator.errors import Invalid, Malformed, NotFound, Taken
from crm_gdpr.emulator.objects import Target
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.wire.answers import error_body, invalid
from crm_gdpr.emulator.wire.call import Call, needed, properties_of

MOST = 100

Input = Mapping[str, Any]
Problems = list[dict[str, object]]


@dataclass(frozen=True)
class Change:
    """What one input asks for; without a record it asks for a new one."""

    input: Input
    record: Record | None = None
    properties: Mapping[str, Any] | None = None
    targets: Sequence[Target] = ()

    @property
    def values(self) -> Mapping[str, Any]:
        return properties_of(self.input) if self.properties is None else self.properties


def find_inputs(
    call: Call, kind: str, by: str | None = None, *, archived: bool = False
) -> tuple[list[Change], list[Input]]:
    """The inputs whose record is there, and those whose is not. Ids that were merged away are not, in a batch."""
    found: list[Change] = []
    missing: list[Input] = []
    merged = call.portal.switches.merged_ids_everywhere
    for one in call.inputs(MOST):
        id_, by_ = str(needed(one, "id")), one.get("idProperty", by)
        try:
            found.append(Change(one, call.portal.find(kind, id_, by_, archived=archived, merged=merged)))
        except NotFound:
            missing.append(one)
    return found, missing


def each_once(inputs: Sequence[Input]) -> None:
    """Two changes to one record in one batch are refused."""
    ids = [str(needed(one, "id")) for one in inputs]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        raise Malformed(f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique")


def taken_by_account(call: Call, kind: str, changes: Sequence[Change]) -> tuple[list[Change], Problems]:
    """Look at every change before the first is made."""
    traces = [str(change.input.get("objectWriteTraceId") or "") for change in changes]
    alone = all(traces) and len(set(traces)) == len(traces)
    claimed: set[tuple[str, str]] = set()
    valid, errors = [], Problems()
    for change in changes:
        try:
            _look(call, kind, change, claimed)
            valid.append(change)
        except (Invalid, Taken) as refusal:
            if not alone:
                raise
            errors.append(_told(call, refusal, str(change.input["objectWriteTraceId"])))
    return valid, errors


def _look(call: Call, kind: str, change: Change, claimed: set[tuple[str, str]]) -> None:
    """Two inputs may not claim one unique value either."""
    call.obey(kind, change.values, change.record)
    values = call.portal.acceptable(kind, change.values, change.record, actor=call.actor)
    call.portal.reachable(kind, change.targets)
    for name in call.portal.catalogue(kind).unique & values.keys():
        claim = (name, values[name].lower())
        if values[name] and claim in claimed:
            raise Taken(
                f"{call.portal.kinds[kind].singular.capitalize()} already exists. {name} is given twice in this batch"
            )
        claimed.add(claim)


def _told(call: Call, refusal: Invalid | Taken, trace: str) -> dict[str, object]:
    context = {"objectWriteTraceId": [trace]}
    if isinstance(refusal, Invalid):
        return invalid(refusal, call.portal.portal_id, context=context)
    return error_body("CONFLICT", str(refusal), context=context)


def traced(write: Callable[[Change], dict[str, Any]], change: Change) -> dict[str, Any]:
    trace = change.input.get("objectWriteTraceId")
    return {**write(change), **({"objectWriteTraceId": trace} if trace else {})}


def missing_ids(call: Call, kind: str, inputs: Sequence[Input]) -> Problems:
    if not inputs:
        return []
    message = (
        f"Could not get some {call.portal.kinds[kind].singular.upper()} objects, they may be deleted or not exist."
    )
    context = {"ids": [str(one["id"]) for one in inputs]}
    return [{"status": "error", "category": "OBJECT_NOT_FOUND", "message": message, "context": context}]
