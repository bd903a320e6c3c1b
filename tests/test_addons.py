"""Promises over all installed addons, strangers' included, and what the registry refuses."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from itertools import chain
from pathlib import Path

import pytest
from croniter import croniter

from crm_gdpr.addon import Addon, ExportSection, Gauge, Holding, Job, Property
from crm_gdpr.definitions import FIELD_TYPES, PLURAL
from crm_gdpr.jobs import QUEUES
from crm_gdpr.policy import Text
from crm_gdpr.project import project, text
from crm_gdpr.registry import GROUP, AddonError, Registry, assemble, broken_promises, load

REGISTRY = load()
ADDONS = {addon.name: addon for addon in REGISTRY}
BUNDLED = {
    entry.load().name
    for entry in entry_points(group=GROUP)
    if entry.dist is not None and entry.dist.metadata["Name"] == "crm-gdpr"
}
PROPERTIES = [(addon, found) for addon in REGISTRY for found in addon.properties]
JOBS = [(addon, job) for addon in REGISTRY for job in addon.jobs]
TABLE = Path(__file__).parents[1] / "docs" / "properties.md"
SAYING = Text(sv="Något", en="Something")

each_addon = pytest.mark.parametrize("addon", REGISTRY.addons, ids=lambda a: a.name)
each_property = pytest.mark.parametrize(("addon", "found"), PROPERTIES, ids=[p.name for _, p in PROPERTIES])
each_job = pytest.mark.parametrize(("addon", "job"), JOBS, ids=[j.name for _, j in JOBS])


def is_said(text: Text) -> bool:
    return bool(text.sv.strip() and text.en.strip())


# What every addon promises


def test_every_folder_of_addons_is_installed():
    folders = {path.parent.name for path in Path(__file__).parents[1].glob("crm_gdpr/addons/*/__manifest__.py")}
    assert {*folders, "webhooks"} == BUNDLED


def test_every_personal_property_is_exported_and_has_a_period():
    assert broken_promises(REGISTRY) == []
    assert any(found.personal for _, found in PROPERTIES)


@each_property
def test_a_personal_property_is_answered_for_by_its_own_addon(addon, found):
    if found.personal:
        assert found.name in frozenset[str]().union(*(s.covers for s in addon.export_sections))
        assert found.category in {h.category for h in addon.holdings}


@each_property
def test_what_we_say_about_a_contact_is_personal(addon, found):
    assert found.personal or found.object != "contact"


@each_addon
def test_no_section_covers_what_no_addon_declares(addon):
    for section in addon.export_sections:
        assert section.covers <= {found.name for _, found in PROPERTIES}


@each_addon
def test_names_and_summary_are_plain(addon):
    assert re.fullmatch(r"[a-z][a-z_]*", addon.name)
    assert addon.summary.endswith(".")
    assert addon.summary == addon.summary.strip()


@each_addon
def test_texts_speak_both_languages(addon):
    texts = [
        *chain.from_iterable((p.label, p.help) for p in addon.properties),
        *(option.label for p in addon.properties for option in p.options),
        *(section.title for section in addon.export_sections),
        *chain.from_iterable((h.title, h.period) for h in addon.holdings),
    ]
    assert all(map(is_said, texts))


@each_property
def test_a_property_can_be_installed(addon, found):
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,99}", found.name)
    assert found.object in PLURAL
    assert found.type in FIELD_TYPES
    assert bool(found.options) == (found.type == "enumeration")
    assert len({option.value for option in found.options}) == len(found.options)


@each_property
def test_bundled_properties_are_named_gdpr(addon, found):
    assert found.name.startswith("gdpr_") or addon.name not in BUNDLED


@each_property
def test_dates_are_named_as_dates(addon, found):
    if addon.name in BUNDLED:
        suffixes = ("_on", "_until", "_since")
        assert found.name.endswith(suffixes) == (found.type == "date")


@each_job
def test_a_job_is_named_after_its_addon(addon, job):
    assert re.fullmatch(rf"{addon.name}\.[a-z][a-z_]*", job.name)


@each_job
def test_a_job_can_be_run_when_it_says(addon, job):
    assert callable(job.run)
    assert job.queue in QUEUES
    assert job.cron is None or (croniter.is_valid(job.cron) and len(job.cron.split()) == 5)
    assert not (job.cron and job.after), "a job has one reason to run"


@each_addon
def test_every_subscription_has_an_answer(addon):
    for subscription in addon.subscriptions:
        assert callable(subscription.handler)
        assert re.fullmatch(r"[a-z_]+\.[a-zA-Z]+", subscription.event_type)
        assert (subscription.property_name is not None) == subscription.event_type.endswith(".propertyChange")


@each_addon
def test_every_section_can_be_read(addon):
    assert all(callable(s.read) and (s.erase is None or callable(s.erase)) for s in addon.export_sections)


@each_addon
def test_a_holding_says_why_where_and_on_what_ground(addon):
    for holding in addon.holdings:
        assert all((holding.category, holding.purpose, holding.where))
        assert holding.legal_basis in {"consent", "contract", "legal_obligation", "legitimate_interest"}


def test_each_category_is_held_once():
    categories = [h.category for h in REGISTRY.holdings]
    assert len(set(categories)) == len(categories)


def test_dependencies_come_first():
    names = list(ADDONS)
    for addon in REGISTRY:
        assert all(names.index(needed) < names.index(addon.name) for needed in addon.depends)


def test_the_table_of_names_in_the_docs_is_true():
    rows = [line for line in TABLE.read_text().splitlines() if line.startswith("| `gdpr_")]
    installed = sorted(PROPERTIES, key=lambda pair: pair[1].name)
    assert rows == [row(addon, found) for addon, found in installed if found.name.startswith("gdpr_")]


def row(addon: Addon, found: Property) -> str:
    """Return one line of docs/properties.md."""
    cells = (found.object, found.type, found.label.sv, found.label.en, addon.name, "yes" if found.personal else "no")
    return f"| `{found.name}` | {' | '.join(cells)} |"


def test_the_hubspot_project_is_what_the_bundled_addons_ask_for():
    """After a change of subscriptions: crm-gdpr install --project hubspot-app --public-url https://gdpr.example.com"""
    bundled = Registry(tuple(addon for addon in REGISTRY if addon.name in BUNDLED))
    for name, content in project(bundled, "https://gdpr.example.com").items():
        assert (TABLE.parents[1] / "hubspot-app" / name).read_text() == text(content), name


# What the registry refuses


def addon(name: str = "plain", **contributed: object) -> Addon:
    return Addon(name=name, summary="Nothing.", **contributed)  # type: ignore[arg-type]  # one helper for all fields


def flag(name: str = "flag", *, personal: bool = False) -> Property:
    return Property(name=name, label=SAYING, help=SAYING, personal=personal, category="flags")


def job(name: str, **when: tuple[str, ...]) -> Job:
    return Job(name=name, run=print, **when)


def gauge(name: str) -> Gauge:
    return Gauge(name=name, help=name, label="age", read=lambda env: {})


def section(*names: str) -> ExportSection:
    return ExportSection(title=SAYING, read=lambda env, contact_id: [], covers=frozenset(names))


HOLDING = Holding(
    category="flags", title=SAYING, purpose="sales", legal_basis="consent", where="HubSpot: contact", period=SAYING
)


def test_a_whole_addon_is_taken():
    whole = addon(properties=(flag(personal=True),), export_sections=(section("flag"),), holdings=(HOLDING,))
    assert list(assemble([whole])) == [whole]


def test_addons_are_put_in_the_order_of_their_dependencies():
    first, then, last = addon("c"), addon("b", depends=("c",)), addon("a", depends=("b",))
    assert list(assemble([last, then, first])) == [first, then, last]


@pytest.mark.parametrize(
    ("addons", "because"),
    [
        ([addon("twin"), addon("twin")], "addon 'twin' is declared 2 times"),
        ([addon("a", properties=(flag(),)), addon("b", properties=(flag(),))], "property 'contact.flag' is declared 2"),
        ([addon("a", jobs=(job("a.do"),)), addon("b", jobs=(job("a.do"),))], "job 'a.do' is declared 2 times"),
        (
            [addon("a", gauges=(gauge("late"),)), addon("b", gauges=(gauge("late"),))],
            "gauge 'late' is declared 2 times",
        ),
        ([addon("a", depends=("b",))], "'a' depends on 'b', which is not installed"),
        ([addon("a", depends=("b",)), addon("b", depends=("a",))], "in a circle: "),
        ([addon("a", depends=("a",))], "in a circle: a -> a"),
        ([addon("a", jobs=(job("a.do", after=("b.do",)),))], "job 'a.do' runs after 'b.do', which no addon declares"),
        (
            [addon(properties=(flag(personal=True),), holdings=(HOLDING,))],
            "property 'flag' is personal but no export section covers it",
        ),
        (
            [addon(properties=(flag(personal=True),), export_sections=(section("flag"),))],
            "property 'flag' is personal but no holding of category 'flags'",
        ),
    ],
    ids=[
        "two addons of one name",
        "two properties of one name",
        "two jobs of one name",
        "two gauges of one name",
        "missing dependency",
        "circle",
        "depends on itself",
        "dangling after",
        "personal without section",
        "personal without holding",
    ],
)
def test_the_registry_refuses(addons, because):
    with pytest.raises(AddonError, match=re.escape(because)):
        assemble(addons)


def test_the_same_name_on_two_kinds_of_record_is_two_properties():
    on_company = Property(object="company", name="flag", label=SAYING, help=SAYING)
    assert len(assemble([addon(properties=(flag(), on_company))]).properties) == 2
