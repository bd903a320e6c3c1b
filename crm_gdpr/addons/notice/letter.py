"""The text that is sent: the company's own `notice.toml` beside its policy.toml, or the packaged one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm_gdpr.addons.notice.properties import LINK
from crm_gdpr.policy import Policy
from crm_gdpr.policy.notice_text import PACKAGED_NOTICE, Template, load_template
from crm_gdpr.policy.origin import FOUND_AT

if TYPE_CHECKING:
    from crm_gdpr.env import Env

TOKENS = {  # HubSpot puts each person's own value in their place
    "source": "{{ contact.gdpr_source }}",
    "place": f"{{{{ contact.{FOUND_AT} }}}}",
    "collected_on": "{{ contact.gdpr_collected_on }}",
    "objection_link": f"{{{{ contact.{LINK} }}}}",
}


def template_file(policy_file: Path | None) -> Path:
    """Return where the text stands."""
    own = policy_file.with_name(PACKAGED_NOTICE.name) if policy_file else PACKAGED_NOTICE
    return own if own.is_file() else PACKAGED_NOTICE


def template(env: Env) -> Template:
    """Return the text in use; its marks are how a mail that carried it is known."""
    return load_template(template_file(env.settings.policy_file))


def for_hubspot(text: Template, policy: Policy, language: str) -> str:
    """Return the letter as a template of HubSpot, for sales and for mailings."""
    controller = {"controller": policy.controller.name, "contact": policy.controller.contact}
    return text.written(language, {**controller, **TOKENS})
