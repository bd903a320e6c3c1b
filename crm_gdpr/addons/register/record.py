"""The record of processing activities (Art. 30(1)): the purposes of the policy, and what addons keep for each.

Pure.  A holding for a purpose that the policy does not have belongs to no activity: it is named, not left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_gdpr.addon import Holding
from crm_gdpr.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_gdpr.env import Env


def activities(policy: Policy, holdings: Sequence[Holding]) -> list[dict[str, Any]]:
    """Return one activity for each purpose, with all that Art. 30(1)(a)-(g) asks for."""
    return [
        {
            "controller": {"name": policy.controller.name, "contact": policy.controller.contact},
            "officer": policy.controller.officer,
            "purpose": {"name": purpose.name, "sv": purpose.title.sv, "en": purpose.title.en},
            "legal_bases": sorted({purpose.legal_basis, *_bases(policy, purpose.name)}),
            "balancing_tests": [
                f"{test.name} {test.version}, {test.reviewed_on}"
                for test in policy.assessments
                if test.purpose == purpose.name
            ],
            "subjects": _subjects(policy, purpose.name),
            "categories": [_category(each) for each in holdings if each.purpose == purpose.name],
            "recipients": [
                {"name": r.name, "role": r.role, "transfer_safeguard": {"sv": r.safeguard.sv, "en": r.safeguard.en}}
                for r in policy.recipients
            ],
            "security": [{"sv": each.sv, "en": each.en} for each in policy.security],
            "policy": policy.version,
        }
        for purpose in policy.purposes
    ]


def strangers(policy: Policy, holdings: Iterable[Holding]) -> list[Holding]:
    """Return what is kept for a purpose that the policy does not have."""
    known = {purpose.name for purpose in policy.purposes}
    return [holding for holding in holdings if holding.purpose not in known]


def purposes_known(env: Env) -> Iterator[tuple[str, str]]:
    """What doctor says: everything kept is kept for a purpose of the policy (Art. 5(1)(b))."""
    found = strangers(env.policy, env.registry.holdings)
    for holding in found:
        yield (
            "broken",
            f"{holding.category} is kept for {holding.purpose!r}, which is no [[purpose]] of the policy; "
            "name one that is, or write it into policy.toml",
        )
    if not found:
        yield "ok", ""


def _bases(policy: Policy, purpose: str) -> set[str]:
    return {row.legal_basis for row in policy.bases if row.purpose == purpose}


def _subjects(policy: Policy, purpose: str) -> list[str]:
    """The sources of the people concerned: those whose ground the policy states for this purpose."""
    named = [source for row in policy.bases if row.purpose == purpose for source in row.when.get("source", ())]
    related = [word for row in policy.bases if row.purpose == purpose for word in row.when.get("relation", ()) if word]
    return list(dict.fromkeys((*named, *related)))


def _category(holding: Holding) -> Mapping[str, Any]:
    return {
        "name": holding.category,
        "sv": holding.title.sv,
        "en": holding.title.en,
        "legal_basis": holding.legal_basis,
        "where": holding.where,
        "period": {"sv": holding.period.sv, "en": holding.period.en},
    }
