"""Whether a policy keeps its own notice: every sentence a rule, every rule a sentence, no rule in another's shadow.

What may stand where is settled when the file is read (`reading.py`); the ladder is judged in `check_ladder.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.check_ladder import ladder_findings
from crm_gdpr.policy.facts_json import LISTED
from crm_gdpr.policy.finding import Finding, error, warning
from crm_gdpr.policy.matching import matches
from crm_gdpr.policy.reading import citations

When = Mapping[str, tuple[str, ...]]


def check(policy: Policy) -> tuple[Finding, ...]:
    """Return everything that is wrong (errors) or odd (warnings) about a policy; errors first."""
    found = [
        *unkept_sentences(policy),
        *rules_for_nothing(policy),
        *shadowed_rows(policy),
        *unlisted_kinds(policy),
        *default_sources(policy),
        *unassessed_grounds(policy),
        *ladder_findings(policy),
    ]
    return tuple(sorted(found, key=lambda finding: finding.level))


def unkept_sentences(policy: Policy) -> Iterator[Finding]:
    """A sentence of the notice is kept by a rule, or says why it needs none; not both."""
    kept = {sentence for _, keeps in citations(policy) for sentence in keeps}
    for at, sentence in enumerate(policy.sentences, 1):
        if sentence.id not in kept and sentence.no_rule is None:
            yield error(
                f"notice.{at}",
                f"Ingen regel håller {sentence.id}: ”{sentence.text}” Ange den i en regels keeps, eller skriv no_rule.",
                f"No rule keeps {sentence.id}: ”{sentence.text}” Cite it in the keeps of a rule, or write no_rule.",
            )
        if sentence.id in kept and sentence.no_rule is not None:
            yield warning(
                f"notice.{at}.no_rule",
                f"{sentence.id} sägs inte behöva någon regel, men en regel håller den.",
                f"{sentence.id} is said to need no rule, yet a rule keeps it.",
            )


def rules_for_nothing(policy: Policy) -> Iterator[Finding]:
    """A rule that keeps no sentence has no business here."""
    for key, keeps in citations(policy):
        if not keeps:
            yield error(
                key if key.startswith("duties.") else f"{key}.keeps",
                "Regeln håller ingen mening i integritetspolicyn. Ange vilken.",
                "The rule keeps no sentence of the notice. Cite the one it keeps.",
            )


def shadowed_rows(policy: Policy) -> Iterator[Finding]:
    """The first row that fits decides, so a row that an earlier one covers never decides anything."""
    yield from _shadowed("dialogue", [(row.kind, row.when) for row in policy.dialogue])
    yield from _shadowed("source", [("", rule.when) for rule in policy.sources])
    yield from _shadowed("basis", [(row.purpose, row.when) for row in policy.bases])
    yield from _shadowed("marketing", [("", row.when) for row in policy.marketing])


def unlisted_kinds(policy: Policy) -> Iterator[Finding]:
    """Events of a kind without a row are unknown, and hold their people back for a human to look at."""
    for kind in sorted(LISTED["kind"] - {row.kind for row in policy.dialogue}):
        yield warning(
            "dialogue",
            f"Ingen rad gäller {kind}: varje sådan händelse blir okänd och kan hindra gallring.",
            f"No row speaks of {kind}: every such event is unknown and may hold back an erasure.",
        )


def default_sources(policy: Policy) -> Iterator[Finding]:
    """A source is found, never assumed: what no rule fits is unknown, for a person to look at."""
    for at, rule in enumerate(policy.sources, 1):
        if not rule.when:
            yield error(
                f"source.{at}.when",
                f"”{rule.name}” passar alla kontakter; en källa ska beläggas, inte antas. Ange vad som ska gälla.",
                f"”{rule.name}” fits every contact; a source is shown, not assumed. Say what it asks for.",
            )


def unassessed_grounds(policy: Policy) -> Iterator[Finding]:
    """Legitimate interest needs a balancing test for every source it is claimed for (Art. 6(1)(f))."""
    tested = {(source, a.purpose) for a in policy.assessments for source in a.sources}
    known = {rule.source for rule in policy.sources if rule.source != "unknown"}
    for at, row in enumerate(policy.bases, 1):
        sources = set(row.when.get("source", known)) & known
        for source in sorted(sources) if row.legal_basis == "legitimate_interest" else ():
            if (source, row.purpose) not in tested:
                yield error(
                    f"basis.{at}",
                    f"Ingen intresseavvägning ([[assessment]]) gäller {source} och {row.purpose}.",
                    f"No balancing test ([[assessment]]) covers {source} and {row.purpose}.",
                )


def _shadowed(name: str, rows: Sequence[tuple[str, When]]) -> Iterator[Finding]:
    for at, (kind, when) in enumerate(rows, 1):
        earlier = enumerate(rows[: at - 1], 1)
        by = next((n for n, (other, wider) in earlier if other == kind and _covers(wider, when)), None)
        if by is not None:
            yield warning(
                f"{name}.{at}",
                f"Raden avgör aldrig något: {name}.{by} träffar alltid först.",
                f"The row never decides: {name}.{by} always fits first.",
            )


def _covers(wider: When, when: When) -> bool:
    return all(
        name in when and all(any(matches(value, pattern) for pattern in patterns) for value in when[name])
        for name, patterns in wider.items()
    )
