"""The sentences of the access answer, in Swedish and English.  Pure wording; what applies is decided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from crm_gdpr.policy import Text
from crm_gdpr.policy.book import Controller, Ladder, Purpose, Recipient
from crm_gdpr.policy.verdict import Next, Reason

REPORT_TITLE = Text(sv="Vad vi har om dig", en="What we hold about you")
UNDER_ARTICLE_15 = Text(sv="svar enligt artikel 15 i dataskyddsförordningen", en="answer under Article 15 of the GDPR")
THE_INFORMATION = Text(sv="Om behandlingen", en="About the processing")
THE_DATA = Text(sv="Uppgifterna", en="The data")
MANIFEST = Text(sv="Räknat och kontrollerat", en="Counted and checked")
MANIFEST_HEAD = (
    Text(sv="Vad", en="What"),
    Text(sv="Hittat", en="Found"),
    Text(sv="Ingår", en="Included"),
    Text(sv="Utelämnat", en="Left out"),
)
ALL_OF_IT = Text(
    sv="Sådant som inte kan tryckas, eller är mycket långt, finns helt i report.sv.html och data.json i samma paket.",
    en="What cannot be printed, or is very long, stands whole in report.en.html and data.json in the same package.",
)
REASON = {
    "other_person": Text(sv="en annan person", en="another person"),
    "staff": Text(sv="medarbetare", en="staff"),
    "bcc": Text(sv="dolda mottagare", en="secret recipients"),
    "number": Text(sv="nummer", en="numbers"),
    "memory_note": Text(sv="minnesanteckningar", en="memory notes"),
    "not_read": Text(sv="fanns inte kvar", en="no longer there"),
    "file": Text(sv="filer om andra", en="files about others"),
}
CONFIRMATION = Text(sv="Bekräftelse", en="Confirmation")
PURPOSES = Text(sv="Varför uppgifterna behandlas", en="Why the data is processed")
CATEGORIES = Text(sv="Kategorier av uppgifter", en="Categories of data")
RECIPIENTS = Text(sv="Mottagare", en="Recipients")
PERIOD = Text(sv="Hur länge uppgifterna sparas", en="How long the data is kept")
RIGHTS = Text(sv="Dina rättigheter", en="Your rights")
COMPLAINT = Text(sv="Klagomål", en="Complaints")
SOURCE = Text(sv="Var uppgifterna kommer ifrån", en="Where the data comes from")
AUTOMATED = Text(sv="Automatiserade beslut", en="Automated decisions")
SAFEGUARDS = Text(sv="Skydd vid överföring utanför EES", en="Safeguards for transfers outside the EEA")
LEFT_OUT = Text(sv="Vad som inte ingår", en="What is not included")

BASES = {
    "consent": Text(sv="samtycke (artikel 6.1 a)", en="consent (Art. 6(1)(a))"),
    "contract": Text(sv="avtal (artikel 6.1 b)", en="contract (Art. 6(1)(b))"),
    "legal_obligation": Text(sv="rättslig förpliktelse (artikel 6.1 c)", en="legal obligation (Art. 6(1)(c))"),
    "vital_interest": Text(sv="grundläggande intressen (artikel 6.1 d)", en="vital interests (Art. 6(1)(d))"),
    "public_interest": Text(sv="allmänt intresse (artikel 6.1 e)", en="public interest (Art. 6(1)(e))"),
    "legitimate_interest": Text(sv="berättigat intresse (artikel 6.1 f)", en="legitimate interests (Art. 6(1)(f))"),
}
STEPS = {
    "review": Text(sv="vi går igenom om uppgifterna behövs", en="we review whether the data is needed"),
    "archive": Text(sv="de läggs i papperskorgen", en="it goes to the recycle bin"),
    "erase": Text(sv="de raderas", en="it is erased"),
}
RECORDS = {"customer": "companies", "contract_runs": "companies", "open_deal": "deals", "open_ticket": "tickets"}
SOURCES = {
    "outreach": Text(
        sv="Vi sökte upp dig i din yrkesroll, från publikt tillgängliga platser.",
        en="We looked you up in your professional role, in publicly available places.",
    ),
    "inbound": Text(sv="Du kontaktade oss.", en="You contacted us."),
    "website": Text(sv="Du lämnade uppgifterna på vår webbplats.", en="You left the data on our website."),
    "customer": Text(sv="Du är kontakt hos en av våra kunder.", en="You are a contact at one of our customers."),
    "request": Text(sv="Du skrev till oss om dina rättigheter.", en="You wrote to us about your rights."),
}

RECTIFICATION = Text(
    sv="Du kan begära att felaktiga uppgifter rättas (artikel 16).",
    en="You may have inaccurate data corrected (Art. 16).",
)
ERASURE_AND_RESTRICTION = Text(
    sv="Du kan begära att uppgifterna raderas (artikel 17) eller att behandlingen begränsas (artikel 18).",
    en="You may ask for the data to be erased (Art. 17), or for processing to be restricted (Art. 18).",
)
OBJECTION = Text(
    sv="Du kan när som helst invända mot behandling som vilar på berättigat intresse; invänder du mot direkt "
    "marknadsföring upphör vi med den (artikel 21).",
    en="You may at any time object to processing on the ground of legitimate interests; if you object to direct "
    "marketing, we stop it (Art. 21).",
)
WITHDRAWAL = Text(
    sv="Du kan när som helst ta tillbaka ditt samtycke (artikel 7.3).",
    en="You may withdraw your consent at any time (Art. 7(3)).",
)
PORTABILITY = Text(
    sv="Du kan få de uppgifter du själv lämnat i ett maskinläsbart format och flytta dem (artikel 20); de finns i "
    "portability.json.",
    en="You may have the data you gave us in a machine-readable format and move it (Art. 20); it is in "
    "portability.json.",
)
IMY = Text(
    sv="Du kan klaga hos Integritetsskyddsmyndigheten, IMY (www.imy.se), Box 8114, 104 20 Stockholm.",
    en="You may complain to the Swedish Authority for Privacy Protection, IMY (www.imy.se), Box 8114, "
    "104 20 Stockholm, Sweden.",
)
NO_AUTOMATED = Text(
    sv="Inga beslut om dig fattas enbart automatiskt och ingen profilering enligt artikel 22 förekommer. Hur länge "
    "uppgifterna sparas räknas ut av ett program, men en människa godkänner innan något raderas.",
    en="No decision about you is made by automated means alone, and there is no profiling under Art. 22. A program "
    "computes how long the data is kept, but a person approves before anything is erased.",
)
NOT_COMPUTED = Text(
    sv="Perioden räknas ut vid nästa nattliga genomgång; det som gäller för alla står nedan.",
    en="The period is computed in the next nightly reading; what holds for everyone is stated below.",
)
NO_GROUND = Text(
    sv="Vi har inte kunnat fastställa varför vi har dina uppgifter eller med vilken grund. Det utreds; du kan begära "
    "att de raderas (artikel 17).",
    en="We could not establish why we have your data, or on what ground. It is being looked into; you may ask for "
    "erasure (Art. 17).",
)
APPROVED_BY_POLICY = Text(
    sv="Hur länge uppgifterna sparas räknas ut av ett program, som enligt fasta regler även får radera uppgifter "
    "vars tid är ute. Du kan alltid begära att en människa prövar det. Ingen profilering enligt artikel 22 förekommer.",
    en="A program computes how long the data is kept, and may by fixed rules erase data whose time is up. You may "
    "always ask a person to look at it. There is no profiling under Art. 22.",
)
SOURCE_DECIDED = Text(sv="En medarbetare har angett källan för hand.", en="One of our staff stated the source by hand.")
UNTIL_ERASED = Text(sv="till dess de raderas enligt ovan", en="until erased as said above")
WHILE_CUSTOMER = Text(
    sv="så länge kundrelationen varar, och därefter till dess de raderas som ovan",
    en="while the relationship lasts, and then until erased as above",
)
SOURCE_UNKNOWN = Text(
    sv="Det framgår inte av våra register var uppgifterna kommer ifrån.",
    en="Our records do not show where the data comes from.",
)
WITHHELD = {
    "other_person": Text(
        sv="Andra personers namn, adresser och nummer är utelämnade, av hänsyn till dem (artikel 15.4).",
        en="Other people's names, addresses and numbers are left out, for their sake (Art. 15(4)).",
    ),
    "number": Text(
        sv="Nummer som inte är dina är utelämnade, eftersom de kan höra till någon annan (artikel 15.4).",
        en="Numbers that are not yours are left out, since they may be somebody else's (Art. 15(4)).",
    ),
    "bcc": Text(
        sv="Dolda mottagare av mejl nämns inte (artikel 15.4).",
        en="Secret recipients of mails are not named (Art. 15(4)).",
    ),
    "staff": Text(
        sv="Vilken medarbetare som gjort något hos oss nämns bara där ni har haft kontakt.",
        en="Which of our staff did something is told only where you have been in contact.",
    ),
    "memory_note": Text(
        sv="Löpande text i utkast och minnesanteckningar lämnas inte ut (5 kap. 2 § lagen 2018:218).",
        en="Running text in drafts and memory notes is not handed out (Swedish act 2018:218, 5:2).",
    ),
    "not_read": Text(
        sv="Något som hörde till dig fanns inte kvar när det skulle läsas.",
        en="Something that belonged to you was no longer there when it was to be read.",
    ),
    "file": Text(
        sv="Bifogade filer som gäller andra personer lämnas inte ut (artikel 15.4).",
        en="Attached files that concern other people are not handed out (Art. 15(4)).",
    ),
}
BEYOND_REACH = Text(
    sv="Tekniska uppgifter om enskilda besök som HubSpot inte lämnar ut till oss, som IP-adress per besök, finns inte "
    "med; vi kan be HubSpot om dem.",
    en="Technical data of single visits that HubSpot does not hand out to us, such as the IP address of each visit, is "
    "not included; we can ask HubSpot for it.",
)
SCORES = ("hubspotscore", "hs_predictivecontactscore_v2", "hs_predictivecontactscorebucket", "hs_predictivescoringtier")
SCORED = Text(
    sv="HubSpot räknar ut hur troligt det är att en kontakt blir kund, av kontaktuppgifter och aktivitet. "
    "Värdet visas för säljare, som själva avgör vem de hör av sig till; inget beslut följer av det automatiskt.",
    en="HubSpot computes a value for how likely a contact is to become a customer, from contact details and activity. "
    "Sales sees the value and decides whom to approach; no decision follows from it by itself.",
)
BY_HAND = "by hand"
WAYS = {
    "CRM_UI": Text(sv="inskrivet av en medarbetare", en="entered by one of our staff"),
    "CONTACTS_WEB": Text(sv="inskrivet av en medarbetare", en="entered by one of our staff"),
    "IMPORT": Text(sv="importerat", en="imported"),
    "FORM": Text(sv="från ett formulär", en="from a form"),
    "EMAIL": Text(sv="från e-post", en="from e-mail"),
    "API": Text(sv="från ett anslutet system", en="from a connected system"),
    "INTEGRATION": Text(sv="från ett anslutet system", en="from a connected system"),
    "CALCULATED": Text(sv="uträknat av HubSpot", en="computed by HubSpot"),
    "AUTOMATION_PLATFORM": Text(sv="av ett automatiskt flöde", en="by a workflow"),
    "WORKFLOWS": Text(sv="av ett automatiskt flöde", en="by a workflow"),
    "MERGE_OBJECTS": Text(sv="vid en sammanslagning", en="by a merge"),
    "ANALYTICS": Text(sv="från webbplatsen", en="from the website"),
    "MEETINGS": Text(sv="från en mötesbokning", en="from a meeting link"),
    "CONVERSATIONS": Text(sv="från en chatt eller inkorg", en="from a chat or inbox"),
}


def way(code: str) -> Text:
    """Return by what way a value came; a code we do not know keeps its name."""
    plain = code.replace("_", " ").lower()
    return WAYS.get(code, Text(sv=plain, en=plain))


def not_read(title: Text, lacking: str) -> Text:
    """Return that a kind was not read, and why; what no program reads is looked at by a person."""
    if lacking == BY_HAND:
        return Text(
            sv=f"{title.sv}: läses inte av programmet. Vi ser efter för hand och kompletterar svaret om något finns.",
            en=f"{title.en}: not read by the program. We look by hand, and complete the answer if there is anything.",
        )
    return Text(
        sv=f"{title.sv}: kunde inte läsas, behörighet saknas ({lacking}). Vi kompletterar svaret.",
        en=f"{title.en}: could not be read, a permission is missing ({lacking}). We shall complete the answer.",
    )


def why_not_read(lacking: str) -> Text:
    """Return in a few words why a kind was not read."""
    if lacking == BY_HAND:
        return Text(sv="läses inte av programmet", en="not read by the program")
    return Text(sv=f"fick inte läsas: {lacking}", en=f"could not be read: {lacking}")


def confirmed(controller: Controller) -> Text:
    return Text(
        sv=f"{controller.name} behandlar personuppgifter om dig. De finns i det här dokumentet.",
        en=f"{controller.name} processes personal data about you. It is in this document.",
    )


def purpose(given: Purpose, legal_basis: str) -> Text:
    base = BASES[legal_basis]
    return Text(sv=f"{given.title.sv}. Grund: {base.sv}.", en=f"{given.title.en}. Ground: {base.en}.")


def objected(on: str) -> Text:
    return Text(
        sv=f"Din invändning den {on} är noterad och gäller.", en=f"Your objection of {on} is recorded and stands."
    )


def recipient(given: Recipient) -> Text:
    return Text(sv=f"{given.title.sv}.", en=f"{given.title.en}.")


def safeguard(given: Recipient) -> Text:
    return Text(sv=f"{given.name}: {given.safeguard.sv}.", en=f"{given.name}: {given.safeguard.en}.")


def write_to(controller: Controller) -> Text:
    return Text(
        sv=f"Skriv till {controller.contact} och märk mejlet GDPR.",
        en=f"Write to {controller.contact} and mark the mail GDPR.",
    )


def rests_on(reason: Reason) -> Text:
    """Return a reason of the verdict, with the record it names, which stands in this answer."""
    kind, ref = RECORDS.get(reason.code), reason.ref
    if kind is None or ref is None:
        return reason.text
    record = ref if "/" in ref else f"{kind}/{ref}"
    return Text(
        sv=f"{reason.text.sv.removesuffix('.')} ({record}).", en=f"{reason.text.en.removesuffix('.')} ({record})."
    )


def after_the_relationship(ladder: Ladder) -> Text:
    months = (ladder.review_months, ladder.archive_months, ladder.erase_months)
    return Text(
        sv="Upphör relationen räknas tiden därifrån, eller från en senare dialog: vi går igenom uppgifterna efter {} "
        "månader, lägger dem i papperskorgen efter {} och har raderat dem efter {}.".format(*months),
        en="Once the relationship ends, time counts from there or from a later dialogue: we review the data after {} "
        "months, put it in the recycle bin after {}, and have erased it after {}.".format(*months),
    )


def ahead(steps: Sequence[Next], *, kept: bool) -> Text:
    """Return the days of the steps to come."""
    sv = "; ".join(f"{STEPS[step.step].sv} tidigast {step.on}" for step in steps)
    en = "; ".join(f"{STEPS[step.step].en} on {step.on} at the earliest" for step in steps)
    if kept:
        return Text(
            sv=f"Upphör det, och händer inget annat: {sv}.",
            en=f"Once that ends, and unless something else happens: {en}.",
        )
    return Text(sv=f"Händer inget innan dess: {sv}.", en=f"Unless something happens before: {en}.")


def kept(titles: Sequence[Text], period: Text) -> Text:
    return Text(
        sv=f"{', '.join(title.sv for title in titles)}: {period.sv}",
        en=f"{', '.join(title.en for title in titles)}: {period.en}",
    )


def source_of_another_sort(name: str) -> Text:
    return Text(sv=f"Annan källa: {name}.", en=f"Another source: {name}.")


def also(names: Sequence[str]) -> Text:
    """Return the further sources that a record has had."""
    known = [SOURCES[name] for name in names if name in SOURCES]
    return Text(
        sv=f"Också antecknat: {' '.join(each.sv for each in known)}",
        en=f"Also recorded: {' '.join(each.en for each in known)}",
    )


def reckoned(why: Text) -> Text:
    return Text(sv=f"Det framgår så här: {why.sv}", en=f"It shows like this: {why.en}")


def created(day: str, by: str, detail: str) -> Text:
    how, tail = way(by), f": {detail}" if detail else ""
    return Text(
        sv=f"Posten om dig skapades {day}, {how.sv}{tail}.",
        en=f"The record about you was created on {day}, {how.en}{tail}.",
    )


def found_at(place: str) -> Text:
    return Text(sv=f"Uppgifterna fanns på {place}", en=f"The data was found at {place}")


def collected(day: str) -> Text:
    return Text(sv=f"Uppgifterna kom in {day}.", en=f"The data came in on {day}.")
