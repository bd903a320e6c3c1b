"""Records a hundred at a time.

A value that is refused fails the whole batch, unless every input carries its own ``objectWriteTraceId``; ids that
are not there are reported beside the results. Both are successes to HTTP: look at ``numErrors``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Invalid, NotFound
from crm_gdpr.emulator.kinds import KINDS, kind_of
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.wire.answers import answer, batch, invalid, nothing
from crm_gdpr.emulator.wire.call import Call, needed, properties_of, words
from crm_gdpr.emulator.wire.objects import targets
from crm_gdpr.emulator.wire.shown import View

_MOST = 100

Input = Mapping[str, Any]
Problems = list[dict[str, object]]


def read_batch(call: Call, kind: str) -> Response:
    name, body = kind_of(kind).name, call.body
    found, missing = _found(call, name, body.get("idProperty"), archived=call.flag("archived"))
    view = View(
        call.portal,
        name,
        words(body.get("properties"), "properties"),
        words(body.get("propertiesWithHistory"), "propertiesWithHistory"),
    )
    return _done(call, [view.show(record) for record, _input in found], _missing(name, missing))


def create_batch(call: Call, kind: str) -> Response:
    name, inputs = kind_of(kind).name, call.inputs(_MOST)
    view = View(call.portal, name)

    def create(one: Input) -> dict[str, Any]:
        linked = targets(name, one.get("associations"))
        return view.show_all(call.portal.create(name, one["properties"], actor=call.actor, targets=linked))

    valid, errors = _checked(call, name, [(None, one) for one in inputs])
    return _done(call, [_traced(create, one) for _record, one in valid], errors, whole=201)


def update_batch(call: Call, kind: str) -> Response:
    name = kind_of(kind).name
    found, missing = _found(call, name)
    valid, errors = _checked(call, name, [(record, one) for record, one in found])

    def update(one: Input) -> dict[str, Any]:
        record = call.portal.find(name, str(one["id"]), one.get("idProperty"))
        call.portal.update(name, record.id, one["properties"], actor=call.actor)
        return View(call.portal, name, list(one["properties"])).show(record)

    results = [_traced(update, one) for _record, one in valid]
    return _done(call, results, [*errors, *_missing(name, missing)])


def archive_batch(call: Call, kind: str) -> Response:
    """Ids that are not there are passed over in silence."""
    name = kind_of(kind).name
    for one in call.inputs(_MOST):
        id_ = str(needed(one, "id"))
        if id_.isdigit() and int(id_) in call.portal.live[name]:
            call.portal.archive(name, id_, actor=call.actor)
    return nothing()


def _found(
    call: Call, kind: str, by: str | None = None, *, archived: bool = False
) -> tuple[list[tuple[Record, Input]], list[str]]:
    found: list[tuple[Record, Input]] = []
    missing: list[str] = []
    for one in call.inputs(_MOST):
        id_ = str(needed(one, "id"))
        try:
            found.append((call.portal.find(kind, id_, one.get("idProperty", by), archived=archived), one))
        except NotFound:
            missing.append(id_)
    return found, missing


def _checked(
    call: Call, kind: str, inputs: Sequence[tuple[Record | None, Input]]
) -> tuple[list[tuple[Record | None, Input]], Problems]:
    """Look at every input before the first is written."""
    traces = [str(one.get("objectWriteTraceId") or "") for _record, one in inputs]
    alone = all(traces) and len(set(traces)) == len(traces)
    valid, errors = [], Problems()
    for record, one in inputs:
        try:
            call.portal.checked(kind, properties_of(one), record)
            valid.append((record, one))
        except Invalid as refusal:
            if not alone:
                raise
            trace = {"objectWriteTraceId": [one["objectWriteTraceId"]]}
            errors.append(invalid(refusal, call.portal.portal_id, context=trace))
    return valid, errors


def _traced(write: Callable[[Input], dict[str, Any]], one: Input) -> dict[str, Any]:
    trace = one.get("objectWriteTraceId")
    return {**write(one), **({"objectWriteTraceId": trace} if trace else {})}


def _missing(kind: str, ids: Sequence[str]) -> Problems:
    if not ids:
        return []
    message = f"Could not get some {KINDS[kind].singular.upper()} objects, they may be deleted or not exist."
    context = {"ids": list(ids)}
    return [{"status": "error", "category": "OBJECT_NOT_FOUND", "message": message, "context": context}]


def _done(call: Call, results: Sequence[object], errors: Problems, whole: int = 200) -> Response:
    """2026-09 knows no 207: what failed is told inside the ordinary answer."""
    status = call.family.partial if errors and call.family.partial != 200 else whole
    return answer(batch(results, errors, call.portal.clock.now()), status)
