"""The law: facts and a day in, verdict and reasons out.  Standard library only; it never asks the clock or the net."""

from crm_gdpr.policy.ahead import steps_ahead
from crm_gdpr.policy.assessment import watched as watched_assessments
from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.calendar import add_months
from crm_gdpr.policy.check import check
from crm_gdpr.policy.detect import asked
from crm_gdpr.policy.dialogue import Considered, trace
from crm_gdpr.policy.explaining import explained
from crm_gdpr.policy.facts import UNKNOWN, Contact, Event, Facts, Organisation
from crm_gdpr.policy.facts_json import FactsError, facts_from_json, facts_to_json
from crm_gdpr.policy.finding import Finding
from crm_gdpr.policy.gist import Gist
from crm_gdpr.policy.provenance import Around, Provenance, provenance
from crm_gdpr.policy.reading import load_policy
from crm_gdpr.policy.request import Due, Right, SubjectRequest, due
from crm_gdpr.policy.retention import decide
from crm_gdpr.policy.several import protected_by
from crm_gdpr.policy.shape import PolicyError
from crm_gdpr.policy.source import Source, classify
from crm_gdpr.policy.standing import stands_until
from crm_gdpr.policy.text import Text
from crm_gdpr.policy.verdict import Verdict

__all__ = [
    "UNKNOWN",
    "Around",
    "Considered",
    "Contact",
    "Due",
    "Event",
    "Facts",
    "FactsError",
    "Finding",
    "Gist",
    "Organisation",
    "Policy",
    "PolicyError",
    "Provenance",
    "Right",
    "Source",
    "SubjectRequest",
    "Text",
    "Verdict",
    "add_months",
    "asked",
    "check",
    "classify",
    "decide",
    "due",
    "explained",
    "facts_from_json",
    "facts_to_json",
    "load_policy",
    "protected_by",
    "provenance",
    "stands_until",
    "steps_ahead",
    "trace",
    "watched_assessments",
]
