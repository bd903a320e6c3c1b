"""The pages in a real browser: nothing is blocked, the styles arrive, and support gets from request to package."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.access import steps
from crm_gdpr.addons.dialogue.reconcile import reconcile_fully
from crm_gdpr.emulator import Portal
from crm_gdpr.env import Env
from crm_gdpr.policy import Right
from tests.addons.pages import PASSWORD
from tests.browser.driver import Browser, until

pytestmark = pytest.mark.browser


@pytest.fixture
def silent(portal: Portal) -> str:
    silent = portal.add_contact(email="sofia@example.se", firstname="Sofia", createdate="2024-01-10T09:00:00Z")
    portal.log("meeting", [silent], hs_meeting_outcome="COMPLETED", hs_meeting_start_time="2025-09-01T10:00:00Z")
    return silent


@pytest.fixture
def signed_in(browser: Browser, site: str, env: Env) -> Browser:
    env.store.users.add("sam", PASSWORD, "support")
    browser.open(f"{site}/console/")
    browser.fill("#name", "sam")
    browser.fill("#password", PASSWORD)
    browser.submit("main button")
    assert browser.title.startswith("Översikt")
    return browser


def test_every_page_shows_with_its_styles_and_nothing_blocked(signed_in: Browser, site: str, env: Env, silent: str):
    reconcile_fully(env)
    for path in ("", "people?verdict=review", f"people/{silent}", "plans", "requests"):
        signed_in.open(f"{site}/console/{path}")
        assert signed_in.run("return getComputedStyle(document.querySelector('.top')).display") == "flex"
        assert signed_in.complaints() == []
    signed_in.open(f"{site}/console/")
    assert signed_in.run("return getComputedStyle(document.querySelector('.bar')).fill") != "rgb(0, 0, 0)"


def test_no_page_is_wider_than_a_telephone(signed_in: Browser, site: str, env: Env, silent: str):
    reconcile_fully(env)
    steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=silent, by="sam")
    for path in ("", "people?verdict=review", f"people/{silent}", "plans", "requests", "requests/1"):
        signed_in.size(520, 900)
        signed_in.open(f"{site}/console/{path}")
        wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert signed_in.run(wider) <= 0, path


def test_the_keyboard_reaches_the_content_first(signed_in: Browser, site: str):
    signed_in.open(f"{site}/console/plans")
    assert signed_in.run("return document.querySelector('a,button,input').getAttribute('href')") == "#main"


def test_support_gets_from_request_to_package(signed_in: Browser, site: str, env: Env, silent: str, work):
    steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=silent, by="sam")
    signed_in.open(f"{site}/console/requests/1")
    signed_in.fill("#note", "ringde numret vi har")
    signed_in.submit("form[action$=identity] button")
    work()
    signed_in.open(f"{site}/console/requests/1/report/sv")
    assert "sofia@example.se" in signed_in.text()
    assert signed_in.complaints() == []
    signed_in.open(f"{site}/console/requests/1/review")
    signed_in.submit("form[action$=reviewed] button")
    signed_in.open(f"{site}/console/requests/1")
    signed_in.submit("form[action$=release] button")
    link = signed_in.text("code.block").replace(env.settings.public_url, site)
    signed_in.open(link)
    assert env.store.requests.get(1).status == "accepted"
    signed_in.press("main button")
    until(lambda: env.store.requests.get(1).status == "fulfilled")
    signed_in.open(link)
    assert "Länken gäller inte" in signed_in.text("h1")
