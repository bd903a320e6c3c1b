"""The pipelines of one account: made, changed and taken away, with the choices of the properties that name them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.counting import Counting
from crm_gdpr.emulator.errors import Malformed, NotFound, StageInUse
from crm_gdpr.emulator.properties import Option
from crm_gdpr.emulator.stages import Pipeline, Stage

PIPELINE_OF = {"deals": "pipeline", "tickets": "hs_pipeline"}
STAGE_OF = {"deals": "dealstage", "tickets": "hs_pipeline_stage"}
_NEEDED = {"deals": "probability", "tickets": "ticketState"}


@dataclass(frozen=True)
class Change:
    """Something that happened to a pipeline or a stage."""

    identifier: str
    action: str
    at_ms: int


class Piping(Counting):
    """Reads and changes pipelines."""

    def pipelines_of(self, kind: str) -> list[Pipeline]:
        return sorted(self.pipelines.get(kind, {}).values(), key=lambda one: one.display_order)

    def pipeline(self, kind: str, id_: str) -> Pipeline:
        found = self.pipelines.get(kind, {}).get(id_)
        if found is None:
            raise NotFound("pipeline", id_)
        return found

    def stage(self, kind: str, id_: str | None) -> Stage | None:
        """The stage of this id, in whichever pipeline."""
        return next((s for p in self.pipelines.get(kind, {}).values() for s in p.stages if s.id == id_), None)

    @locked
    def add_pipeline(self, kind: str, label: str, stages: Iterable[Stage], id_: str = "", order: int = 0) -> Pipeline:
        id_, now_ms = id_ or str(next(self._ids)), self.clock.now_ms()
        if kind not in self.pipelines:
            raise Malformed(f"{kind} have no pipelines")
        if id_ in self.pipelines[kind]:
            raise Malformed(f"Pipeline {id_} exists already")
        new = Pipeline(id_, label, tuple(self._new_stage(kind, stage) for stage in stages), order, now_ms, now_ms)
        if not new.stages:
            raise Malformed("A pipeline needs at least one stage")
        return self._keep(kind, new, "CREATE", id_)

    @locked
    def replace_pipeline(self, kind: str, id_: str, label: str, stages: Iterable[Stage], order: int) -> Pipeline:
        """Stages that are not given again go, when no record is in them."""
        known, given = self.pipeline(kind, id_), list(stages)
        for gone in {stage.id for stage in known.stages} - {stage.id for stage in given}:
            self._stage_is_free(kind, gone)
        kept = tuple(self._new_stage(kind, stage) for stage in given)
        return self._keep(kind, replace(known, label=label, stages=kept, display_order=order), "UPDATE", id_)

    @locked
    def change_pipeline(self, kind: str, id_: str, **changes: Any) -> Pipeline:
        return self._keep(kind, replace(self.pipeline(kind, id_), **changes), "UPDATE", id_)

    @locked
    def remove_pipeline(self, kind: str, id_: str, *, if_unused: bool) -> None:
        """Records keep the name of a pipeline that is gone, unless it was to go only if unused."""
        gone = self.pipeline(kind, id_)
        if len(self.pipelines[kind]) == 1:
            raise Malformed("The last pipeline cannot be deleted")
        for stage in gone.stages if if_unused else ():
            self._stage_is_free(kind, stage.id)
        del self.pipelines[kind][id_]
        self._tell_choices(kind)
        self.pipeline_log.append(Change(id_, "DELETE", self.clock.now_ms()))

    @locked
    def put_stage(self, kind: str, id_: str, stage: Stage) -> Stage:
        """Add a stage to a pipeline, or replace the one of that id."""
        known = self.pipeline(kind, id_)
        was_there = any(one.id == stage.id for one in known.stages)
        new = self._new_stage(kind, stage)
        others = tuple(one for one in known.stages if one.id != new.id)
        stages = tuple(sorted((*others, new), key=lambda one: one.display_order))
        self._keep(kind, replace(known, stages=stages), "UPDATE" if was_there else "CREATE", new.id)
        return new

    @locked
    def remove_stage(self, kind: str, id_: str, stage_id: str) -> None:
        known, gone = self.pipeline(kind, id_), self.stage_in(kind, id_, stage_id)
        if len(known.stages) == 1:
            raise Malformed("A pipeline needs at least one stage")
        self._stage_is_free(kind, gone.id)
        self._keep(kind, replace(known, stages=tuple(s for s in known.stages if s != gone)), "DELETE", stage_id)

    def stage_in(self, kind: str, id_: str, stage_id: str) -> Stage:
        for stage in self.pipeline(kind, id_).stages:
            if stage.id == stage_id:
                return stage
        raise NotFound("stage", stage_id)

    def _new_stage(self, kind: str, stage: Stage) -> Stage:
        """What is left unsaid is filled in; whether a deal is closed follows from how likely it is to be won."""
        if _NEEDED[kind] not in stage.metadata:
            raise Malformed(f"The metadata of a stage of {kind} needs {_NEEDED[kind]}")
        metadata, now_ms = dict(stage.metadata), self.clock.now_ms()
        closed = metadata.get("ticketState") == "CLOSED" or metadata.get("probability") in ("0.0", "1.0")
        metadata.setdefault("isClosed", "true" if closed else "false")
        made_ms = stage.created_ms or now_ms
        return replace(
            stage, id=stage.id or str(next(self._ids)), metadata=metadata, created_ms=made_ms, updated_ms=now_ms
        )

    def _stage_is_free(self, kind: str, stage_id: str) -> None:
        held = [record.id for record in self.live[kind] if record.properties.get(STAGE_OF[kind]) == stage_id]
        if held:
            raise StageInUse(stage_id, held)

    def _keep(self, kind: str, changed: Pipeline, action: str, identifier: str) -> Pipeline:
        now_ms = self.clock.now_ms()
        self.pipelines[kind][changed.id] = replace(changed, updated_ms=now_ms)
        self._tell_choices(kind)
        self.pipeline_log.append(Change(identifier, action, now_ms))
        return self.pipelines[kind][changed.id]

    def _tell_choices(self, kind: str) -> None:
        """The properties that name pipeline and stage offer what is there."""
        pipelines = self.pipelines_of(kind)
        stages = [stage for pipeline in pipelines for stage in pipeline.stages]
        named = [(one.id, one.label) for one in pipelines], [(one.id, one.label) for one in stages]
        for name, things in zip((PIPELINE_OF[kind], STAGE_OF[kind]), named, strict=True):
            options = tuple(Option(id_, label, order) for order, (id_, label) in enumerate(things))
            self.catalogues[kind].properties[name] = replace(self.catalogues[kind].get(name), options=options)
