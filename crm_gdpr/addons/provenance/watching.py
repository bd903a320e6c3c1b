"""What a person should look at: sources nobody knows, balancing tests to review, and a portal without a legal basis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from crm_gdpr.addons.provenance.legal_basis import PROPERTY
from crm_gdpr.addons.provenance.tagging import UNKNOWN_LIST
from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import console_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text, watched_assessments

if TYPE_CHECKING:
    from crm_gdpr.env import Env

ALARM = timedelta(hours=24)


def unknown_sources(env: Env) -> Iterator[tuple[str, str]]:
    """Unknown for more than 24 hours is an alarm; unknown at all is for a person to look at."""
    late = env.store.lists.count(UNKNOWN_LIST, before=env.clock.now() - ALARM)
    count = env.store.lists.count(UNKNOWN_LIST)
    told = f"{count} contacts without a known source, {late} of them for more than 24 hours: say it in HubSpot"
    yield ("broken" if late else "look", told) if count else ("ok", "")


def counted(env: Env) -> dict[str, float]:
    """Count the same by age, for the machines that watch."""
    late = env.store.lists.count(UNKNOWN_LIST, before=env.clock.now() - ALARM)
    return {"late": late, "new": env.store.lists.count(UNKNOWN_LIST) - late}


def assessments(env: Env) -> Iterator[tuple[str, str]]:
    """The balancing tests and their yearly review."""
    found = [(each.state, each.text.en) for each in watched_assessments(env.policy, env.today())]
    yield from found or [("ok", "all current")]


def legal_basis(env: Env) -> Iterator[tuple[str, str]]:
    """HubSpot offers its own legal basis only where the account's data privacy setting is on."""
    if any(each["name"] == PROPERTY for each in env.hubspot.properties("contacts")):
        yield "ok", ""
    else:
        yield "look", f"{PROPERTY} is absent: turn data privacy on in HubSpot's settings; until then only gdpr_ is set"


def raise_alarm(env: Env) -> None:
    """Ask the officer to look: once about each balancing test, once a week while sources stay unknown."""
    asked = [("assessment", each.key, each.text, "") for each in watched_assessments(env.policy, env.today())]
    if late := env.store.lists.count(UNKNOWN_LIST, before=env.clock.now() - ALARM):
        year, week, _ = env.today().isocalendar()
        unknown = Text(
            sv=f"{late} kontakter utan känd källa i mer än 24 timmar",
            en=f"{late} contacts without a known source for more than 24 hours",
        )
        asked.append(("sources", f"sources-{year}-{week}", unknown, escape(console_link(env, "sources"))))
    officer = Owners(env).officer if asked else ""
    for kind, key, subject, link in asked:
        body = f'<p><a href="{link}">{link}</a></p>' if link else ""
        ask(env, Question(kind=kind, key=key, owner=officer, subject=subject, body=body, urgent=True))
