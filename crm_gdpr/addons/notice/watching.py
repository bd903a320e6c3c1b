"""What doctor says of the notice: people who were not told in time, and a text that must not be sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crm_gdpr.addons.notice.clock import BACKLOG, LATE
from crm_gdpr.addons.notice.letter import template
from crm_gdpr.policy.notice_text import lint

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def not_told(env: Env) -> Iterator[tuple[str, str]]:
    """People past their day."""
    late, waiting = (int(env.store.notes.get(name) or 0) for name in (LATE, BACKLOG))
    if late:
        yield "broken", f"{late} people were not told in time; their marketing is blocked: send them the notice"
    if waiting:
        yield "look", f"{waiting} people there before wait for the bulk notice: `crm-gdpr notice backlog` shows it"
    if not late and not waiting:
        yield "ok", ""


def text(env: Env) -> Iterator[tuple[str, str]]:
    """The template in use."""
    findings = lint(template(env))
    yield from (("broken", finding.text.en) for finding in findings)
    if not findings:
        yield "ok", template(env).version
