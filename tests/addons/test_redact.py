"""What is others' is proposed, decided and gone; the package opens offline, runs nothing, and keeps to its schema."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_gdpr.addons.access.drafts import Draft, reviewed
from crm_gdpr.addons.access.information import left_out
from crm_gdpr.addons.access.meaning import same
from crm_gdpr.addons.access.model import (
    Answer,
    Attached,
    Element,
    Field,
    Found,
    Part,
    Person,
    Row,
    answer_from,
    as_json,
    found_from,
)
from crm_gdpr.addons.access.package import file_names, packed, safe_name, schema, to_json
from crm_gdpr.addons.access.pdf import _told, pdf
from crm_gdpr.addons.access.proposing import ASK, HIDE, notes_of, proposals
from crm_gdpr.addons.access.redact import MEMORY, OTHER, STAFF, Review, leaks
from crm_gdpr.addons.access.report import inert, report

BO = Person("other", "Bo Berg", ("bo@example.net", "+46 70 123 45 67"))
SAM = Person("staff", "Sam Sand", ("sam@exopen.example.se",))
SECRET = Person("bcc", "", ("secret@example.org",))


def row(ref: str, **values: str) -> Row:
    return Row(same(ref), tuple(Field(name, same(name), same(value), value) for name, value in values.items()), ref)


def answer(*parts: Part, people=(BO, SAM, SECRET), **more) -> Answer:
    given = {
        "contact_id": "1",
        "controller": "ExOpen",
        "contact": "support@exopen.example.se",
        "made_on": "2026-11-02",
        "language": "sv",
        "information": (Element("15(1)", same("Bekräftelse"), (same("Ja."),)),),
        "parts": parts,
        "people": people,
        "own": ("Anna", "Ek", "Anna Ek", "anna@example.com", "+46 8 555 111 22"),
    }
    return Answer(**{**given, **more})


def part(kind: str, *rows: Row, category: str = "correspondence") -> Part:
    return Part(kind, same(kind), category, rows, len(rows))


def said(text: str, kind: str = "notes", name: str = "hs_note_body") -> Answer:
    return answer(part(kind, row(f"{kind}/1", **{name: text})))


def all_hidden(whole: Answer) -> Review:
    return Review({p.what: p.reason for p in proposals(whole)})


def left(whole: Answer, review: Review | None = None) -> str:
    return as_json(reviewed(Draft(whole, {}), review or all_hidden(whole))).decode()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Mötte Bo Berg i går", "Bo Berg"),
        ("mötte BO  BERG i går", "Bo Berg"),
        ("Bo\u00a0Berg ringde", "Bo Berg"),
        ("skriv till bo@example.net", "bo@example.net"),
        ("Skriv till BO@EXAMPLE.NET.", "bo@example.net"),
        ("okänd: x.y@example.info", "x.y@example.info"),
        ("ring 070-123 45 67", "070-123 45 67"),
        ("personnummer 850101-1234", "850101-1234"),
        ("Bo hälsade", "Bo Berg"),
        ("Kalle Kanaries rapport", "Kalle Kanaries"),
        ("Kalle Kanarie kom också", "Kalle Kanarie"),
        ("Kalle Kanarie Bo Berg kom", "Kalle Kanarie"),
        ("Vi ses! Hälsa Łukasz Žižek", "Łukasz Žižek"),
        ("Ebba von Essen och Siân O'Brien", "Ebba von Essen"),
        ("Ebba von Essen och Siân O'Brien", "Siân O'Brien"),
        ("KALLE KANARIE skrev", "KALLE KANARIE"),
        ("ring 070.123.45.67 eller", "070.123.45.67"),
        ("ring 031\u2013123 45 67", "031\u2013123 45 67"),
        ("call (555) 123-4567", "(555) 123-4567"),
    ],
)
def test_what_is_others_is_proposed_and_can_be_gone(text, what):
    whole = said(text)
    proposed = [p.what.casefold() for p in proposals(whole)]
    if what != "Bo Berg" or "Bo hälsade" not in text:
        assert " ".join(what.split()).casefold() in [" ".join(p.split()) for p in proposed]
    assert what.casefold() not in left(whole).casefold()


@pytest.mark.parametrize(
    "text",
    [
        *("Anna Ek ringde", "skriv till anna@example.com", "ring 08-555 111 22", "support@exopen.example.se"),
        *("2026-03-05", "2026.03.05 12:00", "Hej Anna!", "Ring Anna", "post 12345678901", "192.168.100.123"),
    ],
)
def test_the_persons_own_is_never_proposed(text):
    assert proposals(said(text)) == ()


def test_what_is_certain_is_advised_and_what_only_looks_like_a_name_must_be_decided():
    advice = {p.what: p.advice for p in proposals(said("Bo Berg och Kalle Kanarie"))}
    assert (advice["Bo Berg"], advice["Kalle Kanarie"]) == (HIDE, ASK)


def test_staff_is_named_where_the_person_has_met_them_and_not_elsewhere():
    whole = answer(
        part("emails", row("emails/1", hs_email_text="Hälsningar Sam Sand")),
        part("notes", row("notes/1", hs_note_body="Sam Sand ringde")),
    )
    told = left(whole)
    assert told.count("Sam Sand") > 0
    assert "Sam Sand ringde" not in told
    assert "en medarbetare hos oss" in told


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("hubspot_owner_id", "81000001"),
        ("hubspot_owner_id 1", "7"),  # as the history counts
        ("hs_object_source_user_id", "9001"),
        ("hs_object_source_id", "userId:9001"),
        ("taken_by", "kim.canary"),
        ("gdpr_hold_by", "kim.canary"),
    ],
)
def test_ids_of_staff_are_gone_whatever_is_decided(name, stored):
    told = left(said(stored, name=name), Review())
    assert f'"{stored}"' not in told
    assert "userId" not in told


def test_a_colleague_of_ours_is_ours_though_a_mail_names_them_first():
    """They were hidden as another person from whoever they had written to."""
    whole = answer(
        part("emails", row("emails/1", hs_email_text="Mvh Sam Sand, sam@exopen.example.se, chef@exopen.example.se")),
        people=(Person("other", "Sam Sand", ("sam@exopen.example.se",)), SAM),
    )
    assert "Mvh Sam Sand, sam@exopen.example.se, chef@exopen.example.se" in left(whole)


@pytest.mark.parametrize("text", ["Bo Bergs åsikt", "Bo Berg's view", "Bergs åsikt", "BO BERGS ÅSIKT"])
def test_a_name_in_the_genitive_is_that_name(text):
    assert (
        "erg" not in left(answer(part("notes", row("notes/1", hs_note_body=text)), people=(BO,))).split('"people"')[0]
    )
    assert (
        "ERG" not in left(answer(part("notes", row("notes/1", hs_note_body=text)), people=(BO,))).split('"people"')[0]
    )
    hidden = reviewed(Draft(said(text), {}), Review({"Bo Berg": STAFF, "Berg": STAFF}))
    assert hidden.parts[0].redacted == {STAFF: 1}


def test_what_only_sounds_like_one_of_ours_is_shown():
    """`referred_by` is a field of the account's own."""
    assert "Anna Ek" in left(said("Anna Ek", kind="forms", name="referred_by"))


def test_the_names_beside_a_hidden_address_are_hidden_with_it():
    whole = answer(
        part("emails", row("emails/1", hs_email_to_email="kim@x.example", hs_email_to_firstname="Kim")),
        part("emails", row("emails/2", hs_email_to_email="anna@example.com", hs_email_to_firstname="Anna")),
        people=(),
    )
    told = left(whole)
    assert "Kim" not in told
    assert '"Anna"' in told


def test_a_form_that_somebody_else_sent_about_the_person_tells_nothing_of_them():
    """It names the person, so it is theirs to see; who sent it is not."""
    sent = row(
        "forms/1", email="kalle@x.example", firstname="Kalle", lastname="Kanarie", phone="+1 2", tip="Fråga Anna Ek"
    )
    told = left(answer(part("forms", sent), part("notes", row("notes/1", hs_note_body="Kalle Kanarie tipsade"))))
    assert "Fråga Anna Ek" in told
    for canary in ("kalle@x.example", "Kalle", "Kanarie", "+1 2"):
        assert canary not in told


@pytest.mark.parametrize("kind", ["lists", "section", "contacts", "companies", "files", "forms"])
def test_others_are_looked_for_everywhere(kind):
    assert "Bo Berg" not in left(answer(part(kind, row("", description="Bo Berg och Kalle Kanarie"))))
    assert "Kalle Kanarie" not in left(answer(part(kind, row("", description="Bo Berg och Kalle Kanarie"))))


def test_whoever_the_contact_was_before_must_be_decided():
    """A maiden name is the person's own; the predecessor whose record was written over is not."""
    was = row("history/lastname", **{"lastname 1": "Ek", "lastname 2": "Berg"})
    whole = answer(part("history", was), people=())
    assert [(p.what, p.advice) for p in proposals(whole)] == [("Berg", ASK)]


def test_the_name_of_an_attached_file_hides_what_is_hidden():
    whole = answer(
        part("notes", row("notes/1", hs_note_body="-")), files=(Attached("7", "notes/1", "CV Bo Berg.pdf", 3),)
    )
    hidden = reviewed(Draft(whole, {}), Review({"Bo Berg": OTHER}))
    assert list(file_names(hidden)) == ["attachments/7-CV-other_person-.pdf"]


def test_every_value_of_a_field_that_a_form_repeats_is_told():
    """Of several values under one name the last alone was left."""
    values = (("interest", "red"), ("interest", "blue"), ("email", "anna@example.com"))
    sent = Row(same("f"), tuple(Field(name, same(name), same(value), value) for name, value in values), "forms/1/0")
    (shown,) = reviewed(Draft(answer(part("forms", sent)), {}), Review()).parts[0].rows
    assert [(each.name, each.raw) for each in shown.fields] == list(values)


def test_a_secret_recipient_is_never_told_but_the_person_is():
    whole = said("secret@example.org; anna@example.com", kind="emails", name="hs_email_bcc_email")
    told = left(whole, Review())
    assert "secret@example.org" not in told.split('"people"')[0]
    assert "anna@example.com" in told


def test_a_note_is_disclosed_unless_a_person_says_why_not():
    whole = said("minns att fråga om pris")
    assert [r.ref for r in notes_of(whole)] == ["notes/1"]
    assert "minns att" in left(whole, Review())
    kept = reviewed(Draft(whole, {}), Review(notes=frozenset({"notes/1"})))
    assert (kept.parts[0].included, kept.parts[0].withheld) == (0, {MEMORY: 1})
    assert kept.parts[0].reconciles
    assert "5 kap. 2 §" in kept.information[-1].lines[0].sv


def test_what_is_withheld_is_told_and_nothing_that_is_not():
    told = [line.sv for line in left_out(reviewed(Draft(said("Bo Berg"), {}), all_hidden(said("Bo Berg"))).parts).lines]
    assert any("Andra personers" in line for line in told)
    assert not any("minnesanteckningar" in line for line in told)


def test_every_way_to_write_an_i_is_found():
    assert "brahim" not in left(said("\u0130brahim och \u0131brahim"), Review({"Ibrahim": OTHER}))


def test_a_leak_is_seen():
    whole = said("Bo Berg")
    assert leaks(whole, Review({"Bo Berg": OTHER})) == ["Bo Berg"]
    assert leaks(reviewed(Draft(whole, {}), Review({"Bo Berg": OTHER})), Review({"Bo Berg": OTHER})) == []
    assert leaks(said("Sam Sand", kind="emails"), Review({"Sam Sand": STAFF})) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_was_decided_to_be_hidden_survives(before, after):
    whole = said(f"{before} Bo Berg {after} bo@example.net")
    told = left(replace(whole, people=(BO,)))
    data = json.dumps(to_json(reviewed(Draft(whole, {}), all_hidden(whole))), ensure_ascii=False)
    assert "bo@example.net" not in data
    assert " Bo Berg " not in data
    assert told


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=https://evil.example/x onerror=alert(1)>',
    '=HYPERLINK("https://evil.example")',
    "@SUM(1)",
    "+cmd|' /C calc'!A0",
    "\x00\x01\ud800 null",
    '#let x = read("/etc/passwd")',
    "{{ 7*7 }}",
    "\u202egnp.exe",
    "å" * 50_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_content_is_shown_as_text_and_runs_nothing(text):
    whole = said(text, kind="calls", name="hs_call_title")
    page = report(whole, "sv")
    assert not re.search(r"<(?:script|img|iframe|link)\b", page)
    assert not re.search(r"<td>\s*[=@+](?!\d)", page)
    printed = pdf(whole)
    assert printed is None or printed.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("https://" + "x" * 60, "https://" + "x" * 22 + "\u200b" + "x" * 30 + "\u200b" + "x" * 8),
        ("a\u202etxt.exe", "atxt.exe"),
        ("vanliga ord i en mening", "vanliga ord i en mening"),
    ],
)
def test_on_paper_nothing_runs_off_the_page_or_turns_the_words(text, printed):
    (told,) = _told(said(text))["parts"]
    assert told["records"][0]["fields"][0][1] == printed


@pytest.mark.parametrize(
    ("lacking", "said"), [("crm.lists.read", "behörighet saknas"), ("by hand", "ser efter för hand")]
)
def test_what_was_not_read_is_never_told_as_nothing(lacking, said):
    """The report said "Inget finns" of lists that it might not read."""
    page = report(answer(Part("lists", same("Listor"), "x", (), 0, not_read=lacking)), "sv")
    assert "Inget finns" not in page
    assert said in page
    assert "Inget finns" in report(answer(Part("lists", same("Listor"), "x", (), 0)), "sv")


def test_the_paper_says_what_is_left_out_too():
    whole = answer(Part("lists", same("Listor"), "x", (), 2, {"not_read": 2}, {"staff": 1}, not_read="crm.lists.read"))
    assert _told(whole)["manifest"][0][1:] == [
        "2",
        "0",
        "fanns inte kvar: 2; värden, medarbetare: 1; fick inte läsas: crm.lists.read",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        (" \n=1+1", "' \n=1+1"),
        ("-x", "'-x"),
        ("+46 70 1", "+46 70 1"),
        ("-12", "-12"),
        ("hej", "hej"),
    ],
)
def test_a_spreadsheet_finds_no_formula(text, shown):
    assert inert(text) == shown


def test_the_package_keeps_to_its_published_schema_and_loads_nothing():
    whole = reviewed(Draft(said("Bo Berg & co"), {}), all_hidden(said("Bo Berg & co")))
    whole = replace(whole, files=(Attached("7", "notes/1", "../../etc/passwd.txt", 3),))
    with zipfile.ZipFile(io.BytesIO(packed(whole, {"7": b"abc"}))) as package:
        names = package.namelist()
        jsonschema.validate(json.loads(package.read("data.json")), json.loads(schema()))
        assert package.read("attachments/7-passwd.txt") == b"abc"
        for name in ("report.sv.html", "report.en.html"):
            assert not re.search(r"(src|href)=\"(?!#)|@import|url\(", package.read(name).decode())
        assert json.loads(package.read("portability.json"))["data"] == {}
    assert {"data.schema.json", "report.pdf"} <= set(names)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_content_is_packed_and_can_be_read_back(text):
    """Half an emoji, as HubSpot cuts it, broke the draft."""
    drafted = answer_from(json.loads(as_json(said(text, name=text[:20]))))
    with zipfile.ZipFile(io.BytesIO(packed(drafted, {}))) as package:
        assert json.loads(package.read("data.json"))["data"][0]["records"][0]["fields"][0]["value"]
        assert not re.search(r"<t[hd][^>]*>\s*[=@+](?!\d)", package.read("report.sv.html").decode())


@pytest.mark.parametrize(
    ("name", "safe"),
    [("a/../../b.txt", "b.txt"), ("..", "file"), ("CON\x00.txt", "CON-.txt"), ("c:\\x\\y.pdf", "y.pdf"), ("", "file")],
)
def test_a_file_from_the_crm_leads_nowhere_else(name, safe):
    assert safe_name(name) == safe
    assert list(file_names(answer(files=(Attached("1", "n/1", name, 0),)))) == [f"attachments/1-{safe}"]


def test_an_answer_laid_down_is_the_same_when_read_back():
    whole = answer(part("notes", row("notes/1", hs_note_body="hej")), files=(Attached("7", "notes/1", "a", 1),))
    assert answer_from(json.loads(as_json(whole))) == whole
    found = Found(whole.parts, whole.people, ("2",), whole.files, ("x",), 3)
    assert found_from(json.loads(as_json(found))) == found


def test_a_long_life_is_gone_through_in_moments():
    rows = tuple(
        row(f"notes/{n}", hs_note_body=f"Talade med Bo Berg om punkt {n}, se x{n}@example.net") for n in range(2_000)
    )
    people = tuple(Person("other", f"Namn{n} Efternamn{n}", (f"n{n}@example.org",)) for n in range(500))
    started = time.perf_counter()
    whole = answer(part("notes", *rows), people=(BO, *people))
    review = all_hidden(whole)
    assert "Bo Berg" not in left(whole, review)
    assert time.perf_counter() - started < 60  # on a busy machine; seconds on a quiet one
