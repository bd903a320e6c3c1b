"""The emulated CRM's pages in a real browser: nothing blocked, nothing wider than a telephone, legible, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_gdpr.emulator import Portal, Running, serve
from crm_gdpr.emulator.population import populate
from tests.browser.driver import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def crm() -> Iterator[Running]:
    portal = Portal()
    populate(portal, 60, 1)
    anna = portal.add_contact(email="anna@example.se", firstname="Anna")
    portal.archive("contacts", portal.add_contact(firstname="Bo"))
    portal.cast |= {"anna": anna, "ticket": portal.add_ticket(contacts=[anna]), "company": portal.add_company()}
    running = serve(portal)
    yield running
    running.stop()


def paths(crm: Running) -> list[str]:
    of = crm.portal.cast
    records = [f"contacts/{of['anna']}", f"companies/{of['company']}", f"tickets/{of['ticket']}", "contacts/7"]
    return ["contacts", "companies", "tickets", "import", "bin", "contacts/new", "tickets/new", *records]


def test_every_page_can_be_used_by_anybody(browser: Browser, crm: Running):
    """It fits a telephone, its text stands out, its fields have names, and the keyboard gets to the content first."""
    browser.size(520, 900)
    for number, path in enumerate(paths(crm)):
        browser.open(f"{crm.url}/app/{path}?lang={('sv', 'en')[number % 2]}")
        for fault in (WIDER, FAINT, NAMELESS, NOT_BY_KEYBOARD):
            assert browser.run(fault) == [], (path, fault)
        assert [said for said in browser.complaints() if "404" not in str(said)] == []


def test_sales_edits_a_person(browser: Browser, crm: Running):
    anna = crm.portal.cast["anna"]
    browser.open(f"{crm.url}/app/contacts/{anna}")
    browser.fill("input[name=lastname]", "Lind")
    browser.submit("form[action$=edit] button")
    assert browser.title.startswith("Anna Lind")
    assert crm.portal.value("contacts", anna, "lastname") == "Lind"


WIDER = """
const page = document.documentElement;
return page.scrollWidth > page.clientWidth ? [page.scrollWidth] : [];
"""
FAINT = """
const light = c => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
const shine = c => 0.2126 * light(c[0]) + 0.7152 * light(c[1]) + 0.0722 * light(c[2]);
const parts = s => s.match(/[\\d.]+/g).map(Number);
const shows = c => c.length < 4 || c[3] > 0;
const ground = e => shows(parts(getComputedStyle(e).backgroundColor)) || !e.parentElement
  ? parts(getComputedStyle(e).backgroundColor) : ground(e.parentElement);
const contrast = e => {
  const [less, more] = [shine(parts(getComputedStyle(e).color)), shine(ground(e))].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
};
const speaks = e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim());
return [...document.querySelectorAll('body *')].filter(e => speaks(e) && contrast(e) < 4.5).map(e => e.outerHTML);
"""
NAMELESS = """
return [...document.querySelectorAll('input,select,textarea')].filter(e => !e.labels.length).map(e => e.outerHTML);
"""
NOT_BY_KEYBOARD = """
const first = document.querySelector('a,button,input').getAttribute('href');
return [...(first == '#main' ? [] : [first]), ...document.querySelectorAll('[tabindex],[onclick]')];
"""
