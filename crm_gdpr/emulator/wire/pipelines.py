"""Pipelines and their stages over HTTP."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.pipelines import Change
from crm_gdpr.emulator.stages import Pipeline, Stage
from crm_gdpr.emulator.wire.answers import answer, nothing
from crm_gdpr.emulator.wire.call import Call, needed, rows
from crm_gdpr.emulator.wire.definitions import order


def list_pipelines(call: Call, kind: str) -> Response:
    return answer({"results": [_shown(pipeline) for pipeline in call.portal.pipelines_of(call.kind(kind))]})


def create_pipeline(call: Call, kind: str) -> Response:
    label, stages, place = _whole(call.body)
    id_ = str(call.body.get("pipelineId") or "")
    return answer(_shown(call.portal.add_pipeline(call.kind(kind), label, stages, id_, place)), 201)


def read_pipeline(call: Call, kind: str, id_: str) -> Response:
    return answer(_shown(call.portal.pipeline(call.kind(kind), id_)))


def replace_pipeline(call: Call, kind: str, id_: str) -> Response:
    label, stages, place = _whole(call.body)
    return answer(_shown(call.portal.replace_pipeline(call.kind(kind), id_, label, stages, place)))


def update_pipeline(call: Call, kind: str, id_: str) -> Response:
    return answer(_shown(call.portal.change_pipeline(call.kind(kind), id_, **_changes(call.body))))


def delete_pipeline(call: Call, kind: str, id_: str) -> Response:
    asked = (call.flag("validateReferencesBeforeDelete"), call.flag("validateDealStageUsagesBeforeDelete"))
    call.portal.remove_pipeline(call.kind(kind), id_, if_unused=any(asked))
    return nothing()


def list_stages(call: Call, kind: str, id_: str) -> Response:
    return answer({"results": [_shown_stage(stage) for stage in call.portal.pipeline(call.kind(kind), id_).stages]})


def create_stage(call: Call, kind: str, id_: str) -> Response:
    return answer(_shown_stage(call.portal.put_stage(call.kind(kind), id_, _stage(call.body))), 201)


def read_stage(call: Call, kind: str, id_: str, stage_id: str) -> Response:
    return answer(_shown_stage(call.portal.stage_in(call.kind(kind), id_, stage_id)))


def replace_stage(call: Call, kind: str, id_: str, stage_id: str) -> Response:
    known = call.portal.stage_in(call.kind(kind), id_, stage_id)
    given = _stage({**call.body, "stageId": stage_id}, known.created_ms)
    return answer(_shown_stage(call.portal.put_stage(call.kind(kind), id_, given)))


def update_stage(call: Call, kind: str, id_: str, stage_id: str) -> Response:
    """What is given changes; metadata given is added to what is there."""
    known, body = call.portal.stage_in(call.kind(kind), id_, stage_id), call.body
    metadata = {**known.metadata, **_metadata(body.get("metadata") or {})}
    whole_ = {"label": known.label, "displayOrder": known.display_order, **body, "metadata": metadata}
    given = _stage({**whole_, "stageId": stage_id}, known.created_ms)
    return answer(_shown_stage(call.portal.put_stage(call.kind(kind), id_, given)))


def delete_stage(call: Call, kind: str, id_: str, stage_id: str) -> Response:
    call.portal.remove_stage(call.kind(kind), id_, stage_id)
    return nothing()


def read_audit(call: Call, kind: str, id_: str, stage_id: str = "") -> Response:
    """What happened to a pipeline or a stage, newest first."""
    call.portal.pipeline(call.kind(kind), id_)
    log = [change for change in reversed(call.portal.pipeline_log) if change.identifier == (stage_id or id_)]
    return answer({"results": [_shown_change(call, change) for change in log]})


def _whole(body: Mapping[str, Any]) -> tuple[str, list[Stage], int]:
    stages = [_stage(row) for row in rows(needed(body, "stages"), "stages")]
    return str(needed(body, "label")), stages, order(needed(body, "displayOrder"))


def _changes(body: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if body.get("label") is not None:
        changes["label"] = str(body["label"])
    if body.get("displayOrder") is not None:
        changes["display_order"] = order(body["displayOrder"])
    return changes


def _stage(body: Mapping[str, Any], created_ms: int = 0) -> Stage:
    label, place = str(needed(body, "label")), order(needed(body, "displayOrder"))
    return Stage(str(body.get("stageId") or ""), label, _metadata(needed(body, "metadata")), place, created_ms)


def _metadata(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        raise Malformed("metadata must be an object")
    return {str(name): str(value) for name, value in given.items()}


def _shown(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "label": pipeline.label,
        "displayOrder": pipeline.display_order,
        "id": pipeline.id,
        "stages": [_shown_stage(stage) for stage in pipeline.stages],
        "createdAt": text(pipeline.created_ms),
        "updatedAt": text(pipeline.updated_ms),
        "archived": False,
    }


def _shown_stage(stage: Stage) -> dict[str, Any]:
    return {
        "label": stage.label,
        "displayOrder": stage.display_order,
        "metadata": dict(stage.metadata),
        "id": stage.id,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "createdAt": text(stage.created_ms),
        "updatedAt": text(stage.updated_ms),
        "archived": False,
    }


def _shown_change(call: Call, change: Change) -> dict[str, Any]:
    return {
        "identifier": change.identifier,
        "action": change.action,
        "portalId": call.portal.portal_id,
        "timestamp": text(change.at_ms),
    }
