"""What doctor says of the notice: people who were not told in time, and a text that must not be sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crm_gdpr.policy.notice_text import lint, load_template

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def not_told(env: Env) -> Iterator[tuple[str, str]]:
    """People past their day."""
    late = int(env.store.notes.get("notice.late") or 0)
    if late:
        yield "broken", f"{late} people were not told in time; their marketing is blocked: send them the notice"
    else:
        yield "ok", ""


def text(env: Env) -> Iterator[tuple[str, str]]:
    """The template that comes with the package."""
    findings = lint(load_template())
    yield from (("broken", finding.text.en) for finding in findings)
    if not findings:
        yield "ok", load_template().version
