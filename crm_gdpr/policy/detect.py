"""Whether a text asks for a right under the GDPR, and for which.  Pure: subject and text in, rights out.

A missed request is worse than a needless one, since a person looks at every request and nothing is disclosed by
itself.  So a mark opens a request; only what advertises, or was sent to a list, does not.
"""

from __future__ import annotations

import re

from crm_gdpr.policy.quoting import own_words
from crm_gdpr.policy.request import Right

_WORD = r"G\.?D\.?P\.?R"
MARK = re.compile(rf"\b{_WORD}\b", re.IGNORECASE)  # "Märk förfrågan GDPR"
FORMAL_MARK = re.compile(
    rf"^\W*{_WORD}\W*(?:$|[:,;\-–—|/(]|begäran|förfrågan|request)|\[\W*{_WORD}\W*\]|#{_WORD}\b|"
    rf"\bmärk\w*\W+{_WORD}\b",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(?:\s*(?:sv|re|vb|fw|fwd|ang|aw)\s*:)+", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"^\W*(?:autosvar|automatiskt svar|frånvaro|auto(?:matic)?[- ]?reply|out of (?:the )?office|undeliverable|"
    r"olevererbart|delivery status)",
    re.IGNORECASE,
)

# Signs of a mail to many.
_LISTED = re.compile(
    r"avregistrera|avprenumerera|unsubscribe|view (?:it |this )?(?:e-?mail )?in (?:your )?browser|"
    r"i (?:din )?webbläsare|nyhetsbrev|newsletter|hantera dina utskick|manage (?:your )?preferences",
    re.IGNORECASE,
)
_ADVERTISED = re.compile(
    r"webb?inari|seminari|nyhetsbrev|newsletter|kurs\b|utbildning|training|konferens|conference|erbjud|offer\b|rabatt|"
    r"discount|guide|checklista|checklist|whitepaper|e-?bok|e-?book|demo\b|boka (?:ett )?möte|"
    r"book a (?:call|demo|meeting)|"
    r"inbjud|invitation|frukost|\bevent\b|summit|early bird|anmäl dig|register now|nyheter|\bnews\b|böter|\bfines?\b|"
    r"trender|\btrends?\b|\btips\b|så påverkas|blogg|podd|podcast|"
    r"vi hjälper|we help|vår(?:a)? (?:tjänst|produkt|lösning)|our (?:service|product|solution|platform|tool)",
    re.IGNORECASE,
)

_ASKS = (
    r"(?:jag|vi) (?:vill|begär|önskar|kräver|ber|hemställer|åberopar|skulle vilja)|härmed|kan (?:jag|ni|du)|får jag|"
    r"skicka (?:mig|över)|vänligen|snälla|med stöd av|ber jag|begär jag|vill jag|var (?:snäll|vänlig)|"
    r"ber (?:att|om)|begäran om|enligt (?:gdpr|art)|"
    r"i(?:'d| would) (?:like|want)|i (?:want|request|demand|wish|ask|hereby|am (?:request|ask|writ|exercis))|"
    r"please|can (?:i|you)|could you|may i|pursuant to|under (?:the )?(?:gdpr|art)|in accordance with|"
    r"request (?:for|under|to)|exercise my|send me|give me|provide me|utnyttja min|utöva min"
)
_DATA = r"(?:(?:person)?uppgifter|data|information|info)"
_MY = r"(?:mina|min|om mig|som rör mig|my|about me|on me|concerning me|relating to me)"

# Said as one who asks: enough by themselves.
_SAID: dict[Right, str] = {
    Right.ACCESS: (
        rf"(?:vilka|vilken|vad för|vad)\s+{_DATA}?\s*(?:har ni|ni har|finns|lagrar ni|sparar ni|behandlar ni|ni lagrar|"
        rf"ni sparar|ni behandlar)[^.?!]{{0,40}}\bom mig|"
        rf"vad (?:har|vet|sparar|lagrar) ni (?:sparat |lagrat )?om mig|"
        rf"tillgång till (?:alla |de )?(?:mina {_DATA}|{_DATA}[^.?!]{{0,30}}om mig)|"
        rf"(?:kopia|utdrag) (?:på|av|över) (?:alla |de )?(?:mina )?(?:person)?uppgifter[^.?!]{{0,30}}"
        rf"(?:om mig|ni har|mina)?|min rätt (?:till tillgång|att få tillgång)|"
        rf"what (?:personal |kind of |sort of )*{_DATA}?\s*(?:do you|have you|you)\s?[^.?!]{{0,40}}(?:about|on|of) me|"
        rf"(?:access to|copy of) (?:all |any )*(?:of )?(?:my (?:personal )?{_DATA}|(?:the )?(?:personal )?{_DATA} "
        rf"[^.?!]{{0,40}}(?:about|on) me)|my right of access|"
        rf"what do you (?:know|have|store|hold)\b[^.?!]{{0,20}}\bme\b|"
        rf"(?:var|hur) (?:fick|har|hittade|kom)\b[^.?!]{{0,40}}\b(?:mina {_DATA}|min (?:e-?post|mejl|mail|adress)|"
        rf"mitt (?:nummer|telefonnummer|namn))|"
        rf"(?:where|how) (?:did|have) you (?:get|got|find|found|obtain)[^.?!]{{0,30}}\bmy (?:personal )?(?:{_DATA}|"
        rf"details|e-?mail|address|number|name)|"
        rf"(?:hur länge|how long)\b[^.?!]{{0,40}}\b(?:mina {_DATA}|my (?:personal )?{_DATA})|"
        r"(?:utöva|utnyttja|åberopa) mina rättigheter|exercis\w+ my (?:data protection |gdpr )?rights"
    ),
    Right.ERASURE: (
        rf"(?:raderar?|tar? bort|stryk(?:er)?|glöm(?:mer)?|avlägsnar?|rensar?)\b[^.?!]{{0,40}}(?:\bmig\b|"
        rf"mina {_DATA}|mitt konto|allt om mig|"
        rf"om mig)|mina {_DATA}[^.?!]{{0,30}}(?:raderas|tas bort|raderade|strukna)|bli (?:bortglömd|glömd|raderad)|"
        rf"(?:erase|delete|remove|wipe|forget)\b[^.?!]{{0,40}}(?:\bme\b|my (?:personal )?{_DATA}|my (?:details|"
        rf"account|records?))|"
        rf"my (?:personal )?{_DATA}[^.?!]{{0,30}}(?:erased|deleted|removed)|right to be forgotten"
    ),
    Right.OBJECTION: (
        r"(?:jag )?(?:invänder|motsätter mig|protesterar mot)|(?:kontakta|ring|mejla|maila|"
        r"mejl)[^.?!]{0,12} (?:inte|aldrig) "
        r"(?:mig|mer)|kontakta mig (?:inte|aldrig)|sluta (?:kontakta|ringa|mejla|maila|skicka)|"
        r"inte (?:bli )?kontakta[ds]|(?:inte ha|inga|slippa) (?:fler|mer)\b[^.?!]{0,15}(?:mejl|mail|utskick|"
        r"samtal|e-?post|reklam|brev)|undanber mig|no more (?:e-?mails?|calls|mailings?)|take me off|"
        r"i object\b|objects? to (?:the |your |any )?(?:processing|use|direct marketing|marketing)|"
        r"stop (?:contacting|calling|e-?mailing|sending|processing)|(?:do not|don't) (?:contact|call|e-?mail) me"
    ),
    Right.RECTIFICATION: (
        rf"(?:rättar?|korrigerar?|ändrar?|uppdaterar?)\b[^.?!]{{0,40}}(?:mina {_DATA}|min (?:e-?post|adress|"
        rf"titel|roll)|mitt "
        rf"(?:namn|nummer|telefonnummer)|om mig)|mina {_DATA}[^.?!]{{0,30}}(?:fel|felaktiga)|"
        rf"(?:mitt namn|min (?:titel|adress|e-?post))[^.?!]{{0,30}}\b(?:fel|felstava\w*)|"
        rf"my (?:name|title|address|e-?mail)[^.?!]{{0,25}}(?:misspel\w+|wrong|incorrect)|"
        rf"(?:correct|rectify|update|change|fix)\b[^.?!]{{0,40}}my (?:personal )?(?:{_DATA}|details|name|"
        rf"address|title|e-?mail|"
        rf"number|phone)|my {_DATA}[^.?!]{{0,20}}(?:wrong|incorrect|inaccurate)"
    ),
    Right.RESTRICTION: (
        rf"begräns(?:a|ning)[^.?!]{{0,40}}(?:behandlingen|mina {_DATA}|användningen|av behandling)|"
        rf"restrict(?:ion)?\b[^.?!]{{0,40}}(?:processing|use of my|my {_DATA})"
    ),
    Right.PORTABILITY: (
        rf"dataportabilitet|(?:flytta|överföra|föra över)\b[^.?!]{{0,40}}mina {_DATA}|maskinläsbart? format|"
        rf"data portability|(?:transfer|port|move)\b[^.?!]{{0,30}}my (?:personal )?{_DATA}|machine[- ]readable"
    ),
}

# Names of a right: a request when somebody asks, or when they are all that a subject says.
_NAMED: dict[Right, str] = {
    Right.ACCESS: (
        r"register\s?utdrag|rätt(?:en)? till tillgång|artikel 15|art\.? ?15|right of access|subject access|"
        r"\bdsar\b|\bsar\b|"
        r"data subject (?:access )?request|access request|article 15"
    ),
    Right.ERASURE: (
        r"radering|rätt(?:en)? att bli (?:bort)?glömd|artikel 17|art\.? ?17|erasure|article 17|right to be forgotten"
    ),
    Right.OBJECTION: r"invändning|rätt(?:en)? att invända|artikel 21|art\.? ?21|right to object|article 21|objection",
    Right.RECTIFICATION: r"rättelse|artikel 16|art\.? ?16|rectification|article 16",
    Right.RESTRICTION: r"begränsning av behandling|artikel 18|art\.? ?18|restriction of processing|article 18",
    Right.PORTABILITY: r"dataportabilitet|artikel 20|art\.? ?20|portability|article 20",
}
# What is held about somebody, asked for in a sentence that does not ask to be rid of it.
_HAVE = r"(?:ni|er|era|finns|lagra|spara|behandla|registrera)\w*"
_HELD = re.compile(
    rf"\b{_DATA}\b[^.?!]{{0,60}}\b{_HAVE}[^.?!]{{0,40}}\bom mig\b|"
    rf"\b{_DATA}\b[^.?!]{{0,20}}\bom mig\b[^.?!]{{0,40}}\b{_HAVE}|"
    rf"\b{_HAVE}[^.?!]{{0,40}}\b{_DATA}\b[^.?!]{{0,30}}\bom mig\b|"
    rf"\ballt\b[^.?!]{{0,30}}\b{_HAVE}[^.?!]{{0,30}}\bom mig\b|"
    rf"\b(?:everything|{_DATA})\b[^.?!]{{0,40}}\byou\b[^.?!]{{0,40}}\b(?:about|on|of|regarding|concerning) me\b",
    re.IGNORECASE,
)
_SUBJECT_ONLY = re.compile(r"(?:begäran|förfrågan|önskan|request)?\W*(?:om|for|of|:)?\W*", re.IGNORECASE)

_SAYS = {right: re.compile(pattern, re.IGNORECASE) for right, pattern in _SAID.items()}
_NAMES = {right: re.compile(rf"\b(?:{pattern})", re.IGNORECASE) for right, pattern in _NAMED.items()}
_ASKING = re.compile(rf"\b(?:{_ASKS})", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:vill jag|jag (?:vill|begär|önskar)|får jag|i (?:want|would|request|wish))\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")


def asked(subject: str | None, text: str | None = None, *, bulk: bool = False) -> tuple[Right, ...]:
    """Return the rights a message asks for, none when it asks for none; marked and nothing more means access.

    ``bulk``: its headers say that it went to a list.
    """
    heading, said = _PREFIX.sub("", subject or "").strip(), own_words(text or "")
    rights = tuple(right for right in Right if _asks_for(right, heading, said))
    formally = bool(FORMAL_MARK.search(heading) or _is_marked(said))
    if bulk or _is_listed(text or "") or _AUTOMATIC.match(heading):
        return rights if formally and (_FIRST.search(said) or _says_any(said)) else ()
    if formally or (MARK.search(heading) and not _ADVERTISED.search(heading)):
        return rights or (Right.ACCESS,)
    return () if _advertises(heading, said) else rights


def is_reply(subject: str | None) -> bool:
    """Tell whether a mail answers another."""
    return bool(_PREFIX.match(subject or ""))


def _is_marked(said: str) -> bool:
    """Tell whether the mark stands on the first line, as on a subject."""
    first = next((line for line in said.splitlines() if line.strip()), "")
    return bool(FORMAL_MARK.search(first))


def _asks_for(right: Right, heading: str, said: str) -> bool:
    if any(_SAYS[right].search(part) for part in (heading, " ".join(said.split()))):
        return True
    if _NAMES[right].search(heading) and _is_all_of(heading, _NAMES[right]):
        return True
    sentences = (heading, *_SENTENCE.split(said))
    if right is Right.ACCESS and any(_asks_what_is_held(each) for each in sentences):
        return True
    return any(_NAMES[right].search(each) and _ASKING.search(each) for each in sentences)


def _asks_what_is_held(sentence: str) -> bool:
    """Tell a question for the data from a wish to have it erased, and from what a company says of itself."""
    if _SAYS[Right.ERASURE].search(sentence) or not (_ASKING.search(sentence) or "?" in sentence):
        return False
    of_me = _HELD.search(sentence)
    return bool(of_me or (MARK.search(sentence) and _FIRST.search(sentence) and re.search(rf"\b{_DATA}\b", sentence)))


def _is_all_of(heading: str, name: re.Pattern[str]) -> bool:
    """Tell whether a subject says little beside the name of a right."""
    rest = MARK.sub("", name.sub("", heading))
    return len(_SUBJECT_ONLY.sub(" ", rest).split()) <= 2


def _says_any(said: str) -> bool:
    return any(pattern.search(" ".join(said.split())) for pattern in _SAYS.values())


def _is_listed(text: str) -> bool:
    """Look at the end only: a mail to many ends with the way out of it."""
    return bool(_LISTED.search(own_words(text)[-400:]))


def _advertises(heading: str, said: str) -> bool:
    """A mail that sells speaks of rights too; whoever asks for their own in their own words does not sell."""
    sells = len(_ADVERTISED.findall(f"{heading}\n{said}"))
    return not _says_any(said) and (bool(_ADVERTISED.search(heading)) or sells >= 2)
