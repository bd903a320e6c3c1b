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


LABELS = {
    "class": Text(sv="Slag av person", en="Class of person"),
    "policy": Text(sv="Policyversion", en="Policy version"),
    "rule": Text(sv="Regel i policyn", en="Rule of the policy"),
    "source": Text(sv="Källa", en="Source"),
    "was": Text(sv="Var förut", en="Was before"),
    "page": Text(sv="Sida", en="Page"),
    "objection": Text(sv="Invändning", en="Objection"),
    "mailing": Text(sv="Utskick", en="Mailing"),
    "objected_on": Text(sv="Invände den", en="Objected on"),
    "channel": Text(sv="Kanal", en="Channel"),
    "state": Text(sv="Läge", en="State"),
    "ended_on": Text(sv="Upphörde den", en="Ended on"),
    "reasons": Text(sv="Skäl", en="Reasons"),
    "coded_addresses_kept": Text(
        sv="Antal adresser och nummer som sparas som nyckel-hash", en="Addresses and numbers kept as keyed hashes"
    ),
    "table": Text(sv="Tabell", en="Table"),
    "file": Text(sv="Fil", en="File"),
    "size": Text(sv="Storlek", en="Size"),
    "belongs_to": Text(sv="Hör till", en="Belongs to"),
    "emptied": Text(sv="(tömt)", en="(emptied)"),
    "from": Text(sv="Från", en="From"),
    "subject": Text(sv="Ämne", en="Subject"),
    "message": Text(sv="Meddelande", en="Message"),
    "list": Text(sv="Lista", en="List"),
    "address": Text(sv="Adress", en="Address"),
    "subscription": Text(sv="Utskick", en="Mailing"),
    "legal_basis": Text(sv="Rättslig grund", en="Legal basis"),
    "explanation": Text(sv="Förklaring", en="Explanation"),
    "event": Text(sv="Händelse", en="Event"),
    "request": Text(sv="Begäran", en="Request"),
    "status": Text(sv="Läge", en="Status"),
    "received_on": Text(sv="Kom in", en="Received on"),
    "due_on": Text(sv="Besvaras senast", en="To be answered by"),
    "extended_on": Text(sv="Förlängd den", en="Extended on"),
    "extended_why": Text(sv="Varför förlängd", en="Why extended"),
    "answered_on": Text(sv="Avslutad den", en="Closed on"),
    "refused_why": Text(sv="Varför avslagen", en="Why refused"),
    "identity_checked": Text(sv="Hur identiteten kontrollerades", en="How the identity was checked"),
    "at": Text(sv="När", en="When"),
    "action": Text(sv="Vad som gjordes", en="What was done"),
    "ledger_line": Text(sv="Rad i loggboken", en="Line of the ledger"),
    "stage": Text(sv="Steg", en="Stage"),
    "since": Text(sv="Sedan", en="Since"),
}
STATUSES = {
    "initiated": Text(sv="Mottagen", en="Received"),
    "acknowledged": Text(sv="Bekräftad", en="Acknowledged"),
    "accepted": Text(sv="Identiteten bekräftad", en="Identity confirmed"),
    "fulfilled": Text(sv="Besvarad", en="Answered"),
    "rejected": Text(sv="Avslagen", en="Refused"),
}
RIGHT = {
    "A15": Text(sv="Registerutdrag (artikel 15)", en="Access (Art. 15)"),
    "A16": Text(sv="Rättelse (artikel 16)", en="Rectification (Art. 16)"),
    "A17": Text(sv="Radering (artikel 17)", en="Erasure (Art. 17)"),
    "A18": Text(sv="Begränsning (artikel 18)", en="Restriction (Art. 18)"),
    "A20": Text(sv="Dataportabilitet (artikel 20)", en="Portability (Art. 20)"),
    "A21": Text(sv="Invändning (artikel 21)", en="Objection (Art. 21)"),
}
ACTIONS = {
    "contact.gone": Text(sv="Kontakten fanns inte längre", en="The contact was no longer there"),
    "notice.told": Text(sv="Du informerades om behandlingen", en="You were told of the processing"),
    "notice.overdue": Text(sv="Informationen till dig är försenad", en="The information to you is overdue"),
    "notice.reopened": Text(
        sv="Informationen till dig kom inte fram; du ska informeras på nytt",
        en="The information to you did not arrive; you are to be told again",
    ),
    "notice.given_up": Text(sv="Du informerades inte i tid", en="You were not told in time"),
    "source.overruled": Text(
        sv="En människa ändrade källa, grund eller slag av person", en="A person changed source, ground or class"
    ),
    "source.refused": Text(sv="HubSpot tog inte emot märkningen", en="HubSpot refused the tags"),
    "source.mailings": Text(
        sv="Grunden för utskick till dig ändrades efter källan", en="The ground of mailings to you followed the source"
    ),
    "source.tagged": Text(sv="Källa och rättslig grund antecknades", en="Source and lawful basis were recorded"),
    "review.begun": Text(sv="Genomgång inleddes", en="A review began"),
    "review.answered": Text(sv="Genomgången besvarades", en="The review was answered"),
    "review.reminded": Text(sv="Ägaren påmindes om genomgången", en="The owner was reminded of the review"),
    "archive.begun": Text(sv="Arkivering inleddes", en="Archiving began"),
    "archive.done": Text(sv="Lades i papperskorgen", en="Put in the recycle bin"),
    "archive.undone": Text(sv="Återställdes ur papperskorgen", en="Brought back from the recycle bin"),
    "deletion.seen": Text(sv="Någon raderade kontakten i HubSpot", en="Somebody deleted the contact in HubSpot"),
    "erasure.requested": Text(sv="Radering begärdes", en="Erasure was asked for"),
    "erasure.refused": Text(sv="Radering avslogs", en="Erasure was refused"),
    "erase.verified": Text(sv="Raderingen kontrollerades", en="The erasure was verified"),
    "erase.closed": Text(sv="Papperskorgen har tömts på resten", en="The bin has let go of the rest"),
    "rest.removed": Text(sv="Det som fanns kvar togs bort", en="What was left was removed"),
    "recipient.told": Text(sv="En mottagare underrättades", en="A recipient was told"),
    "incident.closed": Text(sv="Incidenten är bedömd", en="The incident has been assessed"),
    "kept.let_go": Text(sv="Det som behölls enligt lag togs bort", en="What the law kept was let go of"),
    "incident.opened": Text(sv="En incident öppnades", en="An incident was opened"),
    "erase.begun": Text(sv="Radering inleddes", en="Erasure began"),
    "erase.done": Text(sv="Raderades", en="Erased"),
    "erasure.seen": Text(sv="Raderades i HubSpot", en="Erased in HubSpot"),
    "step.skipped": Text(sv="Ett steg hoppades över", en="A step was skipped"),
    "usage.let_go": Text(sv="Användarinformation togs bort", en="Usage data was let go of"),
    "objection.recorded": Text(sv="Invändning antecknades", en="An objection was recorded"),
    "objection.enforced": Text(
        sv="Invändningen genomfördes i alla kanaler", en="The objection was enforced everywhere"
    ),
    "objection.put_back": Text(
        sv="Märkningen av invändningen återställdes", en="The mark of the objection was put back"
    ),
    "objection.merged": Text(sv="Invändningen följde med en sammanslagning", en="The objection followed a merge"),
    "objection.quarantined": Text(
        sv="Sattes i karantän: adressen hör till en invändning", en="Quarantined: the address belongs to an objection"
    ),
    "objection.returned": Text(
        sv="Hörde av sig själv; marknadsföring förblir spärrad", en="Got in touch; marketing stays blocked"
    ),
    "objection.released": Text(sv="Släpptes ur karantän: en annan person", en="Released: somebody else"),
    "objection.withdrawn": Text(sv="Invändningen återtogs", en="The objection was withdrawn"),
    "objection.upheld": Text(sv="Invändningen bifölls", en="The objection was upheld"),
    "objection.overruled": Text(sv="Invändningen avslogs med skäl", en="The objection was overruled with reasons"),
    "hold.placed": Text(sv="Uppgifterna låstes", en="A hold was placed"),
    "hold.released": Text(sv="Låsningen hävdes", en="The hold was released"),
    "source.request": Text(
        sv="Antecknades att uppgifterna bara finns för din begäran",
        en="It was recorded that the data is here for your request only",
    ),
    "request.acknowledged": Text(sv="Begäran bekräftades", en="The request was acknowledged"),
    "request.opened": Text(sv="Begäran registrerades", en="A request was registered"),
    "request.person_named": Text(sv="Begäran kopplades till dig", en="The request was connected to you"),
    "request.merged": Text(
        sv="Begäran följde med en sammanslagning; identiteten kontrolleras igen",
        en="The request followed a merge; the identity is checked again",
    ),
    "request.over": Text(
        sv="Begärans tid var ute, och uppgifterna behövs inte längre",
        en="The request's period had passed, and the data is not needed any more",
    ),
    "request.rejected": Text(sv="Begäran avslogs", en="The request was refused"),
    "identity.confirmed": Text(sv="Identiteten bekräftades", en="The identity was confirmed"),
    "package.made": Text(sv="Registerutdrag framställdes", en="An access answer was made"),
    "package.nobody": Text(
        sv="Registerutdrag kunde inte göras: kontakten finns inte", en="No access answer: the contact is not there"
    ),
    "request.extended": Text(sv="Tiden för svar förlängdes", en="The time to answer was extended"),
    "request.nothing_held": Text(sv="Svarades att inget finns", en="It was answered that nothing is held"),
    "request.done": Text(sv="Begäran utfördes", en="The request was carried out"),
    "identity.asked": Text(
        sv="En länk för att bekräfta adressen lades fram", en="A link to confirm the address was laid out"
    ),
    "identity.checked": Text(
        sv="En kontroll av identiteten antecknades, i väntan på en andra läsare",
        en="A check of the identity was recorded, awaiting a second reader",
    ),
    "data.corrected": Text(sv="Uppgifter rättades", en="Data was corrected"),
    "restriction.begun": Text(sv="Behandlingen begränsades", en="Processing was restricted"),
    "restriction.lifting_told": Text(
        sv="Besked lades fram om att begränsningen hävs", en="Notice was laid out that the restriction will be lifted"
    ),
    "restriction.lifted": Text(sv="Begränsningen hävdes", en="The restriction was lifted"),
    "package.exported": Text(sv="Registerutdraget hämtades av support", en="Support fetched the access answer"),
    "package.missent": Text(
        sv="Registerutdraget gick fel; en incident öppnades", en="The access answer went astray; an incident was opened"
    ),
    "package.read": Text(sv="Registerutdraget lästes", en="The access answer was read"),
    "package.reviewed": Text(sv="Registerutdraget lästes igenom", en="The access answer was read through"),
    "package.released": Text(sv="Registerutdraget lämnades ut", en="The access answer was released"),
    "package.collected": Text(sv="Registerutdraget hämtades", en="The access answer was collected"),
    "package.handed_over": Text(
        sv="Registerutdraget överlämnades på annat sätt", en="The access answer was handed over another way"
    ),
    "package.deleted": Text(sv="Registerutdraget raderades", en="The access answer was deleted"),
}


def label(name: str) -> Text:
    """Return what a field of our own records is called."""
    plain = name.replace("_", " ")
    return LABELS.get(name, Text(sv=plain, en=plain))


def action(name: str) -> Text:
    """Return what an action of the ledger was; one without a sentence keeps its code."""
    return ACTIONS.get(name, Text(sv=name, en=name))
