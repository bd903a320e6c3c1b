"""The notice that is sent: a versioned template in Swedish and English, and what it must say (Art. 14(1)-(2), 21(4)).

Pure.  The linter refuses a template that lacks an element, hides the right to object, or asks the reader a question:
information is not marketing, and an answer to it must not be fished for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crm_gdpr.policy.finding import Finding, error
from crm_gdpr.policy.text import Text

PACKAGED_NOTICE = Path(__file__).with_name("notice.toml")
OBJECTION = "21(4)"
ELEMENTS: Mapping[str, Text] = {
    "14(1)(a)": Text(sv="vem som är personuppgiftsansvarig och hur man når den", en="the controller and its contact"),
    "14(1)(b)": Text(sv="dataskyddsombudet", en="the data protection officer"),
    "14(1)(c)": Text(sv="ändamål och rättslig grund", en="purposes and legal basis"),
    "14(1)(d)": Text(sv="kategorier av uppgifter", en="categories of data"),
    "14(1)(e)": Text(sv="mottagare", en="recipients"),
    "14(1)(f)": Text(sv="överföring till tredje land och skydd", en="transfers to third countries and safeguards"),
    "14(2)(a)": Text(sv="lagringstid", en="storage period"),
    "14(2)(b)": Text(sv="det berättigade intresset", en="the legitimate interest pursued"),
    "14(2)(c)": Text(sv="rättigheterna", en="the rights"),
    "14(2)(d)": Text(sv="återkallelse av samtycke", en="withdrawal of consent"),
    "14(2)(e)": Text(sv="klagomål hos tillsynsmyndigheten", en="complaint to the authority"),
    "14(2)(f)": Text(sv="källan, och om den är allmänt tillgänglig", en="the source, and whether it is public"),
    "14(2)(g)": Text(sv="automatiserade beslut", en="automated decisions"),
    OBJECTION: Text(sv="rätten att invända, tydligt och för sig", en="the right to object, clearly and separately"),
}
SAID = {  # what a paragraph must speak of to say its element, in Swedish and in English
    "14(1)(a)": (r"{controller}|ansvarig", r"{controller}|controller"),
    "14(1)(b)": (r"dataskyddsombud", r"data protection officer|dpo"),
    "14(1)(c)": (r"grund|artikel 6|avtal|intresse", r"ground|basis|art(icle|\.) ?6|contract|interest"),
    "14(1)(d)": (r"uppgift", r"data|details"),
    "14(1)(e)": (r"mottag|tar emot|biträd|dela|lämna", r"recipient|receiv|processor|share|disclose"),
    "14(1)(f)": (r"ees|eu\b|tredje ?land", r"eea|eu\b|third countr"),
    "14(2)(a)": (r"månad|år\b|så länge|rader|spara|lagr", r"month|year|as long as|eras|delet|kept|stor|retain"),
    "14(2)(b)": (r"intresse", r"interest"),
    "14(2)(c)": (r"(?=.*(tillgång|utdrag))(?=.*rättel)(?=.*rader)", r"(?=.*access)(?=.*rectif)(?=.*eras)"),
    "14(2)(d)": (r"samtyck", r"consent"),
    "14(2)(e)": (r"klag", r"complain"),
    "14(2)(f)": (r"{source}|{place}|hämta|källa|från", r"{source}|{place}|collect|source|obtain|from"),
    "14(2)(g)": (r"automat|profil", r"automat|profil"),
}
NAMES = ("controller", "contact", "source", "place", "collected_on", "objection_link")
OBJECT = {"sv": re.compile(r"\binvänd", re.IGNORECASE), "en": re.compile(r"\bobject", re.IGNORECASE)}
MARKETING = re.compile(
    r"boka (en )?(demo|tid|möte)|erbjudande|rabatt|book a (demo|meeting)|special offer|discount", re.IGNORECASE
)


QUESTION = re.compile(  # with its mark or without; "Vill du klaga, skriv till ..." is none
    r"\?|(^|[.!:]\s+)(får vi|kan vi|do you|would you|are you|may we|can we|could we)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """One paragraph and the element it says."""

    article: str
    text: Text


@dataclass(frozen=True)
class Template:
    """A version of the notice: the mark that shows in a mail that it was carried, earlier marks, and the paragraphs."""

    version: str
    mark: str
    parts: tuple[Part, ...]
    earlier_marks: tuple[str, ...] = ()

    def is_in(self, text: str) -> bool:
        """Tell whether a mail carried this notice, or an earlier one."""
        return any(mark in text for mark in (self.mark, *self.earlier_marks))

    def written(self, language: str, values: Mapping[str, str]) -> str:
        """Return the letter in one language, with the mark at its end."""
        paragraphs = [part.text.in_(language).format_map(values) for part in self.parts]
        return "\n\n".join((*paragraphs, self.mark))


def load_template(path: Path | None = None) -> Template:
    """Read a template; without a path the one that comes with the package."""
    data = tomllib.loads((path or PACKAGED_NOTICE).read_text(encoding="utf-8"))
    parts = tuple(Part(str(p["article"]), Text(sv=str(p["sv"]), en=str(p["en"]))) for p in data.get("part", ()))
    earlier = tuple(map(str, data.get("earlier_marks", ())))
    return Template(str(data.get("version", "")), str(data.get("mark", "")), parts, earlier)


def lint(template: Template) -> tuple[Finding, ...]:
    """Return why a template must not be sent; empty when it may."""
    checks = (_lacking, _says_nothing, _hidden_objection, _questions, _names)
    return tuple(finding for check in checks for finding in check(template))


def _lacking(template: Template) -> Iterator[Finding]:
    said = {part.article for part in template.parts if part.text.sv.strip() and part.text.en.strip()}
    for article, what in ELEMENTS.items():
        if article not in said:
            yield error(article, f"Mallen saknar {what.sv} ({article}).", f"The template lacks {what.en} ({article}).")
    if not (template.version and template.mark and template.version in template.mark):
        yield error("mark", "Märket ska innehålla mallens version.", "The mark must hold the template's version.")


def _says_nothing(template: Template) -> Iterator[Finding]:
    """A paragraph under the name of an element that speaks of something else leaves the element out."""
    for part in template.parts:
        for language, pattern in zip(("sv", "en"), SAID.get(part.article, ()), strict=False):
            text = part.text.in_(language)
            if text.strip() and not re.search(pattern, text, re.IGNORECASE | re.DOTALL):
                what = ELEMENTS[part.article]
                yield error(
                    f"{part.article}.{language}",
                    f"Stycket säger inget om {what.sv}.",
                    f"The paragraph says nothing of {what.en}.",
                )


def _hidden_objection(template: Template) -> Iterator[Finding]:
    """The right to object is brought to attention explicitly, and apart from other information (Art. 21(4))."""
    places = [at for at, part in enumerate(template.parts) if part.article == OBJECTION]
    if places and places[0] != 0:
        yield error(OBJECTION, "Rätten att invända ska stå först.", "The right to object must stand first.")
    for at in places:
        for language, word in OBJECT.items():
            text = template.parts[at].text.in_(language)
            if not word.search(re.sub(r"{[^}]*}", "", text)) or "{objection_link}" not in text:
                yield error(
                    f"{OBJECTION}.{language}",
                    "Rätten att invända ska sägas med ord och med länken {objection_link}.",
                    "The right to object must be said in words and with the link {objection_link}.",
                )


def _questions(template: Template) -> Iterator[Finding]:
    for part in template.parts:
        for language in ("sv", "en"):
            text = part.text.in_(language)
            if QUESTION.search(text) or MARKETING.search(text):
                yield error(
                    f"{part.article}.{language}",
                    "Informationen får varken ställa frågor eller sälja.",
                    "The information must neither ask the reader anything nor sell.",
                )


def _names(template: Template) -> Iterator[Finding]:
    for part in template.parts:
        for language in ("sv", "en"):
            for name in re.findall(r"{([^}]*)}", part.text.in_(language)):
                if name not in NAMES:
                    yield error(
                        f"{part.article}.{language}",
                        f"Okänd uppgift {{{name}}}; tillåtna: {', '.join(NAMES)}.",
                        f"Unknown name {{{name}}}; allowed: {', '.join(NAMES)}.",
                    )
