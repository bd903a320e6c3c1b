"""The seven acts of the life that the demo plays.  Each one does something real and says what it saw."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections import Counter
from io import BytesIO

from crm_gdpr.demo.stage import Stage

FIRST_WAVE, SECOND_WAVE = 15, 25
IMPORTED = 50
STEP_DAYS, MONTH_OF_STEPS = 3, 11  # further at a time, and the breaker of the calendar stops everything


def a_portal_with_a_past(stage: Stage) -> None:
    """1. A portal with two thousand contacts in six hundred companies."""
    pages = list(stage.env.hubspot.pages("contacts", ("lifecyclestage",)))
    contacts = sum(len(page) for page in pages)
    companies = sum(len(page) for page in stage.env.hubspot.pages("companies", ()))
    stage.see(contacts == stage.stack.contacts, f"{stage.stack.contacts} contacts in the portal")
    stage.tell("the portal", f"{contacts} contacts in {companies} companies", "as HubSpot holds them today")


def install(stage: Stage) -> None:
    """2. Install puts our properties into the portal, and tags everyone."""
    changes = stage.officer.run("install", "--apply", "--json")
    names = {change["name"] for change in changes}
    stage.see("gdpr_source" in names, "gdpr_source is created")
    stage.see(stage.officer.run("install", "--json") == [], "a second install has nothing to do")
    pages = stage.env.hubspot.pages("contacts", ("gdpr_source", "gdpr_legal_basis"))
    sources = Counter(record.properties["gdpr_source"] for page in pages for record in page)
    stage.see(None not in sources and "" not in sources, "every contact has a source")
    told = ", ".join(f"{count} {source}" for source, count in sources.most_common())
    stage.tell("everyone", f"tagged: {told}", "HubSpot's own provenance of each record")


def newcomers(stage: Stage) -> None:
    """3. Sales adds a contact by hand and imports fifty; the webhooks arrive twice and out of order."""
    stage.sales.steer("webhooks", {"trouble": {"duplicate": 0.5, "shuffle": 0.5}})
    evidence = "https://nordkraft.example.se/om-oss"
    role = {"firstname": "Vera", "jobtitle": "Inköpschef", "company": "Nordkraft AB"}
    by_hand = stage.sales.submit("contacts", email="vera.ny@nordkraft.example.se", evidence=evidence, **role)
    rows = (f"import{n}@import.example.se,Person,Nr {n},Controller,Importbolaget AB" for n in range(IMPORTED))
    lines = ["email,firstname,lastname,jobtitle,company", *rows]
    stage.sales.submit("import", name="https://branschlista.example.se/2026", csv="\n".join(lines))
    stage.wait(lambda: stage.value(by_hand, "gdpr_source"), "the contact added by hand is tagged within seconds")
    stage.wait(lambda: len(_imported(stage)) == IMPORTED, f"all {IMPORTED} imported contacts are tagged", 60)
    stage.sales.steer("webhooks", {"trouble": {}})
    busy = ("webhooks.drain", "webhooks.handle", "provenance.tag_waiting")
    stage.wait(lambda: stage.env.store.work.open(busy) == 0, "the inbox is drained, and the last wave recorded", 60)
    lines_of = stage.env.store.ledger.lines(subject=stage.env.pseudonym(by_hand))
    stage.see(sum(line.action == "source.tagged" for line in lines_of) == 1, "a delivery that comes twice tags once")
    why = f"{stage.value(by_hand, 'gdpr_source_evidence')}"
    stage.tell("a contact added by hand", f"source {stage.value(by_hand, 'gdpr_source')}", why)
    source = Counter(_imported(stage).values()).most_common(1)[0][0]
    stage.tell(f"{IMPORTED} imported contacts", f"source {source}", "tagged once each, although deliveries came twice")


def last_dialogues(stage: Stage) -> None:
    """4. The last real dialogue of everyone, and the event it rests on, written where sales sees them."""
    stage.officer.decide("hold", stage.cast["hold"], "--reason", "tvist om faktura")
    stage.officer.decide("objection", stage.cast["objector"], "--how", "phone")
    scan = stage.officer.run("reconcile", "--full", "--json")
    silent = stage.cast["timed_out"]
    explained = stage.officer.run("explain", silent, "--json")
    last = explained["last_dialogue"]
    stage.see(last["ref"] == stage.value(silent, "gdpr_last_dialogue_event"), "the event stands on the contact")
    stage.see(last["on"] == stage.value(silent, "gdpr_last_dialogue_on"), "the date stands on the contact")
    events = sum(scan["read"].get(kind, 0) for kind in ("emails", "calls", "meetings", "communications"))
    stage.tell("everyone", f"{events} e-mails, calls, meetings and messages read", f"{scan['written']} records written")
    stage.tell("one silent contact", f"last dialogue {last['on']}", explained["because"][0]["text"]["en"])


def reviews(stage: Stage) -> None:
    """5a. A plan of who is to be reviewed, approved by its hash; then a month passes, three days at a time."""
    counts = _carry_out_plan(stage)
    begun = counts["review done"]
    stage.see(250 <= begun <= 350, f"about 300 people fall to review ({begun})")
    objector = stage.cast["objector"]
    stage.see(stage.value(objector, "gdpr_stage") == "review", "the objector is under review at once")
    stage.tell(
        f"{begun} silent contacts", "review begun, owners told", "12 months without dialogue (or 8, never answered)"
    )
    for step in range(MONTH_OF_STEPS):
        stage.say(f"day {(step + 1) * STEP_DAYS} of {MONTH_OF_STEPS * STEP_DAYS}")
        stage.night(STEP_DAYS)


def the_first_wave(stage: Stage) -> None:
    """5b. Archive: one person answers between approval and execution, a customer and a held person stay."""
    plan = stage.officer.run("plan", "--json")
    to_archive = {item["contact"] for item in plan["items"] if item["step"] == "archive"}
    replier = stage.cast["replier"]
    stage.see(replier in to_archive, "the one who will answer is in the plan")
    stage.see(stage.cast["timed_out"] in to_archive, "the one who timed out is in the plan")
    for who in ("customer", "hold", "unclear", "requester"):
        contact_id = stage.cast[who]["id"] if isinstance(stage.cast[who], dict) else stage.cast[who]
        stage.see(contact_id not in to_archive, f"the {who} is not in the plan")
    stage.officer.run("approve", str(plan["plan"]), "--hash", "0" * 64, "--by", stage.officer.name, expect=1)
    stage.officer.decide("approve", str(plan["plan"]), "--hash", plan["hash"])
    stage.sales.submit(f"contacts/{replier}/log", kind="email-in", subject="Ursäkta sent svar", text="Hör gärna av er!")
    counts = stage.officer.run("apply", str(plan["plan"]), "--json")
    _told_once(stage, plan["plan"])
    stage.see(counts.get("archive skipped") == 1, "the one who answered is skipped")
    archived = counts["archive done"]
    stage.see(archived >= FIRST_WAVE, f"at least {FIRST_WAVE} are archived ({archived})")
    silent = stage.cast["timed_out"]
    stage.see(stage.sales.status_of(silent, archived=False) == 404, "archived is not live")
    stage.see(stage.sales.status_of(silent, archived=True) == 200, "archived is in the recycle bin")
    note = next(i.note for i in stage.env.store.plans.items(plan["plan"]) if i.contact_id == replier)
    stage.tell("the one who answered a mail", "skipped", str(note))
    for who, label in (("customer", "a customer's contact, silent for 30 months"), ("hold", "the held contact")):
        explained = stage.officer.run("explain", stage.cast[who], "--json")
        stage.tell(label, explained["verdict"], explained["because"][0]["text"]["en"])
    stage.tell(
        f"{archived} contacts", "archived into the recycle bin", "21 months without dialogue, asked 30 days before"
    )


def the_calendar_jumps(stage: Stage) -> None:
    """5c. The calendar jumps to the end of the bin: the breaker stops everything until a named person resumes."""
    stage.sales.pass_days(85)
    stage.after_dark()
    plan = stage.officer.run("plan", "--json")
    stage.officer.decide("approve", str(plan["plan"]), "--hash", plan["hash"])
    said = stage.officer.run("apply", str(plan["plan"]), expect=1)
    stage.see("breaker" in said, "a calendar that jumps stops everything")
    stage.tell("everyone", "nothing archived, nothing erased", said.strip().removeprefix("crm-gdpr: "))
    stage.officer.decide("resume")
    counts = stage.officer.run("apply", str(plan["plan"]), "--json")
    archived, begun = counts.get("archive done", 0), counts.get("erase done", 0)
    stage.see(archived >= SECOND_WAVE, f"the second wave is archived ({archived})")
    stage.see(begun >= FIRST_WAVE, f"the first wave reaches the end of the bin ({begun})")
    stage.tell(
        f"{archived} contacts",
        "archived into the recycle bin",
        "their 21 months passed; their owners were told once more",
    )
    for _ in range(2):
        stage.night(STEP_DAYS)
    gone = [case for case in stage.env.store.cases.in_state("gone") if case.way == "bin"]
    stage.see(len(gone) >= FIRST_WAVE, f"at least {FIRST_WAVE} are gone ({len(gone)})")
    silent = stage.cast["timed_out"]
    stage.see(stage.sales.status_of(silent, archived=True) == 404, "gone is proven by reading")
    stage.tell(f"{len(gone)} contacts", "gone", "90 days in the recycle bin; read as live and as archived: not found")


def forgotten_on_request(stage: Stage) -> None:
    """5d. Somebody asks to be erased, and is gone at once."""
    contact_id = stage.cast["erasure"]
    stage.officer.decide("erase", contact_id)
    for archived in (False, True):
        stage.see(stage.sales.status_of(contact_id, archived=archived) == 404, "erased on request is gone at once")
    refused = stage.officer.decide("erase", stage.cast["customer"], expect=1)
    stage.see("customer" in refused, "a customer's contact is not erased without a person's decision")
    stage.tell("the one who asked to be erased", "gone at once", "Art. 17; read as live and as archived: not found")


def an_access_request(stage: Stage) -> None:
    """6. A mail marked GDPR becomes a ticket; support checks identity and hands over a package by a link."""
    requester = stage.cast["requester"]
    subject = "GDPR: vilka uppgifter har ni om mig?"
    stage.sales.submit("tickets", **{"from": requester["email"]}, subject=subject, body="Hej, jag vill veta. Mvh")
    stage.wait(lambda: stage.env.store.requests.is_open(requester["id"]), "the ticket opens a request")
    request = stage.env.store.requests.of(requester["id"])[0]
    stage.support.sign_in()
    page = f"/console/requests/{request.id}"
    stage.support.submit(f"{page}/identity", page=page, note="Svarade från adressen vi har sedan tidigare.")
    stage.wait(lambda: stage.env.store.requests.package_of(request.id), "the package is made")
    form = stage.support.read(f"{page}/review")
    drafts, proposed = (
        re.findall(r'name="package" value="(\d+)"', form),
        re.findall(r'name="(p\d+)" value="hide"', form),
    )
    decided = dict.fromkeys(proposed, "hide")
    stage.support.submit(f"{page}/reviewed", page=f"{page}/review", package="".join(drafts), **decided)
    shown = stage.support.submit(f"{page}/release", page=page)
    link = re.search(rf"{re.escape(stage.stack.web_url)}/p/[\w-]+", shown)
    stage.see(link, "the console shows the link once")
    names = _collect(stage, link.group() if link else "", requester["email"])
    told = f"link used once; {', '.join(sorted(names))}"
    stage.tell("the one who asked what we know", f"answered before {request.due_on}", told)


def the_proof(stage: Stage) -> None:
    """7. The ledger proves itself, and one flipped byte breaks the proof."""
    proof = stage.officer.run("ledger", "verify", "--json")
    stage.see(proof["holds"], "the ledger holds")
    store = stage.stack.home / "store.db"
    copy = stage.stack.home / "flipped.db"
    with sqlite3.connect(store) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        target.execute("DROP TRIGGER ledger_no_update")
        middle = proof["lines"] // 2
        target.execute("UPDATE ledger SET action = 'X' || substr(action, 2) WHERE seq = ?", (middle,))
    target.close()
    said = stage.officer.run("ledger", "verify", expect=1, store=f"sqlite:///{copy}")
    stage.see(f"line {middle}" in said, "a flipped byte is found")
    flipped = f"one byte flipped in a copy: line {middle} is named"
    stage.tell("the ledger", f"{proof['lines']} lines, the chain holds", flipped)


ACTS = (
    a_portal_with_a_past,
    install,
    newcomers,
    last_dialogues,
    reviews,
    the_first_wave,
    the_calendar_jumps,
    forgotten_on_request,
    an_access_request,
    the_proof,
)


def _imported(stage: Stage) -> dict[str, str]:
    """The imported contacts that are tagged, with their source."""
    filters = [{"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "*@import.example.se"}]
    pages = stage.env.hubspot.search("contacts", filters, ("gdpr_source",))
    return {r.id: str(r.properties["gdpr_source"]) for page in pages for r in page if r.properties.get("gdpr_source")}


def _carry_out_plan(stage: Stage) -> dict[str, int]:
    plan = stage.officer.run("plan", "--json")
    stage.officer.decide("approve", str(plan["plan"]), "--hash", plan["hash"])
    counts: dict[str, int] = stage.officer.run("apply", str(plan["plan"]), "--json")
    return counts


def _told_once(stage: Stage, plan_id: int) -> None:
    said = stage.officer.run("apply", str(plan_id), expect=1)
    stage.see("was carried out" in said, "a plan is not applied twice")


def _collect(stage: Stage, link: str, email: str) -> set[str]:
    """Open the link as the person does, take the package, and see that the link is used up."""
    shown = stage.support.browser.get(link, timeout=30)
    stage.see(shown.status_code == 200, "the link shows a page; looking at it changes nothing")
    taken = stage.support.browser.post(link, timeout=30)
    with zipfile.ZipFile(BytesIO(taken.content)) as package:
        names = set(package.namelist())
        stage.see(email in package.read("data.json").decode(), "the package holds the person's data")
    stage.see({"report.sv.html", "report.en.html", "data.json"} <= names, "report in two languages, and JSON")
    stage.see(stage.support.browser.post(link, timeout=30).status_code == 404, "the link works once")
    return names
