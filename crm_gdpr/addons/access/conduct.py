"""What our own records of a person are called: their fields, requests and rights, and each thing that was done."""

from __future__ import annotations

from crm_gdpr.policy import Text

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
    "redaction.begun": Text(sv="Togs ur det andra delar: inleddes", en="Being taken out of what others share began"),
    "redaction.done": Text(sv="Togs ur det andra delar", en="Taken out of what others share"),
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
