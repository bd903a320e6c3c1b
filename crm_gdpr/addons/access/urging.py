"""Requests that run out of time are loud: a task a week before, and an urgent one every week after (Art. 12(3))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.conduct import RIGHT
from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import console_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Request

BEFORE = timedelta(days=7)
SOON = Text(sv="En begäran ska besvaras senast {due}", en="A request is to be answered by {due}")
LATE = Text(sv="En begäran är FÖRSENAD sedan {due}", en="A request is OVERDUE since {due}")


def is_overdue(request: Request, on: date) -> bool:
    return request.is_open and request.last_day(on) < on


def urge(env: Env) -> None:
    """Ask the officer for the answer to each request that is late or soon will be."""
    today = env.today()
    pressing = [each for each in env.store.requests.all(open_only=True) if each.last_day(today) - BEFORE <= today]
    officer = Owners(env).officer if pressing else ""
    for request in pressing:
        ask(env, _question(env, request, officer, today))


def look(env: Env) -> Iterator[tuple[str, str]]:
    """Tell doctor which requests are late."""
    late = [each for each in env.store.requests.all(open_only=True) if is_overdue(each, env.today())]
    for request in late:
        yield (
            "broken",
            f"request {request.id} should have been answered by {request.last_day(env.today())}; answer it now",
        )
    if not late:
        yield "ok", "none is overdue"


def _question(env: Env, request: Request, officer: str, today: date) -> Question:
    last, late = request.last_day(today), is_overdue(request, today)
    said, week = (LATE, f"late-{today:%G-%V}") if late else (SOON, "soon")
    right = RIGHT[request.right]
    link = console_link(env, f"requests/{request.id}")
    return Question(
        kind="request",
        key=f"{request.id}-{week}",
        owner=officer,
        subject=Text(sv=said.sv.format(due=last), en=said.en.format(due=last)),
        body=f"{right.sv} / {right.en}: {link}",
        contact_id=request.contact_id,
        due_on=last,
        urgent=late,
    )
