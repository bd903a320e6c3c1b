"""The stages of deals and tickets HubSpot starts an account with, and what it calculates from the stage one is in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Stage:
    id: str
    label: str
    metadata: Mapping[str, str]
    display_order: int = 0
    created_ms: int = 0
    updated_ms: int = 0

    @property
    def is_closed(self) -> bool:
        return self.metadata.get("isClosed") == "true"

    @property
    def is_won(self) -> bool:
        return self.is_closed and self.metadata.get("probability") == "1.0"


@dataclass(frozen=True)
class Pipeline:
    id: str
    label: str
    stages: tuple[Stage, ...]
    display_order: int = 0
    created_ms: int = 0
    updated_ms: int = 0


def _deal(id_: str, label: str, probability: str) -> Stage:
    closed = "true" if id_.startswith("closed") else "false"
    return Stage(id_, label, {"isClosed": closed, "probability": probability})


def _ticket(id_: str, label: str, state: str) -> Stage:
    return Stage(id_, label, {"ticketState": state, "isClosed": "true" if state == "CLOSED" else "false"})


_FIRST: dict[str, tuple[Pipeline, ...]] = {
    "deals": (
        Pipeline(
            "default",
            "Sales Pipeline",
            (
                _deal("appointmentscheduled", "Appointment Scheduled", "0.2"),
                _deal("qualifiedtobuy", "Qualified To Buy", "0.4"),
                _deal("presentationscheduled", "Presentation Scheduled", "0.6"),
                _deal("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
                _deal("contractsent", "Contract Sent", "0.9"),
                _deal("closedwon", "Closed Won", "1.0"),
                _deal("closedlost", "Closed Lost", "0.0"),
            ),
        ),
    ),
    "tickets": (
        Pipeline(
            "0",
            "Support Pipeline",
            (
                _ticket("1", "New", "OPEN"),
                _ticket("2", "Waiting on contact", "OPEN"),
                _ticket("3", "Waiting on us", "OPEN"),
                _ticket("4", "Closed", "CLOSED"),
            ),
        ),
    ),
}


def first_pipelines() -> dict[str, dict[str, Pipeline]]:
    """What a new account has: by object type and id, the stages in order."""
    return {kind: {one.id: _in_order(one) for one in ones} for kind, ones in _FIRST.items()}


def _in_order(pipeline: Pipeline) -> Pipeline:
    stages = (replace(stage, display_order=order) for order, stage in enumerate(pipeline.stages))
    return replace(pipeline, stages=tuple(stages))


def closing(kind: str, stage: Stage | None, properties: Mapping[str, str], now: str) -> dict[str, str]:
    """The calculated properties of a deal's or ticket's stage; the closing date is set once, on closing."""
    if kind == "deals":
        return _deal_closing(stage, properties, now)
    if kind == "tickets":
        closed = stage is not None and stage.is_closed
        date = properties.get("closed_date", now) if closed else ""
        return {"hs_is_closed": _bool(closed), "closed_date": date}
    return {}


def _deal_closing(stage: Stage | None, properties: Mapping[str, str], now: str) -> dict[str, str]:
    closed = stage is not None and stage.is_closed
    won = stage is not None and stage.is_won
    date = properties.get("closedate") or (now if closed else "")
    return {
        "hs_is_closed": _bool(closed),
        "hs_is_closed_won": _bool(won),
        "hs_is_closed_lost": _bool(closed and not won),
        "hs_closed_won_date": date if won else "",
        "closedate": date,
        "amount_in_home_currency": properties.get("amount", ""),
    }


def _bool(value: bool) -> str:
    return "true" if value else "false"
