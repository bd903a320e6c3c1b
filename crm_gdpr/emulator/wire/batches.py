"""Records a hundred at a time.

Ids that are not there are reported beside the results. That is a success to HTTP: look at ``numErrors``.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response

from crm_gdpr.emulator.wire.answers import answer, batch, nothing
from crm_gdpr.emulator.wire.batch_inputs import (
    MOST,
    Change,
    Input,
    Problems,
    each_once,
    find_inputs,
    missing_ids,
    taken_by_account,
    traced,
)
from crm_gdpr.emulator.wire.call import Call, needed, properties_of, words
from crm_gdpr.emulator.wire.objects import archive_if_there, targets, written
from crm_gdpr.emulator.wire.shown import View


def read_batch(call: Call, kind: str) -> Response:
    """Associations do not come along here, whoever asks."""
    name, body = call.kind(kind), call.body
    found, missing = find_inputs(call, name, body.get("idProperty"), archived=call.flag("archived"))
    view = View(
        call.portal,
        name,
        words(body.get("properties"), "properties"),
        words(body.get("propertiesWithHistory"), "propertiesWithHistory"),
    )
    return _done(call, [view.show(one.record) for one in found if one.record], missing_ids(call, name, missing))


def create_batch(call: Call, kind: str) -> Response:
    name = call.kind(kind)
    changes = [Change(one, targets=targets(call, name, one.get("associations"))) for one in call.inputs(MOST)]
    valid, errors = taken_by_account(call, name, changes)
    return _done(call, [traced(lambda change: _written(call, name, change), one) for one in valid], errors, whole=201)


def update_batch(call: Call, kind: str) -> Response:
    name = call.kind(kind)
    each_once(call.inputs(MOST))
    found, missing = find_inputs(call, name)
    valid, errors = taken_by_account(call, name, found)
    results = [traced(lambda change: _written(call, name, change), one) for one in valid]
    return _done(call, results, [*errors, *missing_ids(call, name, missing)])


def upsert_batch(call: Call, kind: str) -> Response:
    """Change whoever holds the unique value, or make a record that does."""
    name = call.kind(kind)
    each_once(call.inputs(MOST))
    found, missing = find_inputs(call, name)
    fresh = [Change(one, properties=_with_its_value(one)) for one in missing if _by_value(one)]
    lost = [one for one in missing if not _by_value(one)]
    valid, errors = taken_by_account(call, name, [*found, *fresh])
    results = [traced(lambda change: _upserted(call, name, change), one) for one in valid]
    return _done(call, results, [*errors, *missing_ids(call, name, lost)])


def archive_batch(call: Call, kind: str) -> Response:
    """Ids that are not there are passed over in silence."""
    name = call.kind(kind)
    for one in call.inputs(MOST):
        archive_if_there(call, name, str(needed(one, "id")))
    return nothing()


def _by_value(one: Input) -> bool:
    return one.get("idProperty") not in (None, "hs_object_id")


def _with_its_value(one: Input) -> Mapping[str, Any]:
    return {str(one["idProperty"]): str(one["id"]), **properties_of(one)}


def _written(call: Call, kind: str, change: Change) -> dict[str, Any]:
    """A change to a record is answered with what was written and little else."""
    if change.record is None:
        made = call.portal.create(kind, change.values, actor=call.actor, targets=change.targets)
        return View(call.portal, kind).show_all(made)
    call.portal.update(kind, change.record.id, change.values, actor=call.actor)
    return View(call.portal, kind, written(change.record, change.values)).show(change.record)


def _upserted(call: Call, kind: str, change: Change) -> dict[str, Any]:
    return {**_written(call, kind, change), "new": change.record is None}


def _done(call: Call, results: list[dict[str, Any]], errors: Problems, whole: int = 200) -> Response:
    """2026-09 knows no 207: what failed is told inside the ordinary answer."""
    status = call.family.partial if errors and call.family.partial != 200 else whole
    return answer(batch(results, errors, call.portal.clock.now()), status)
