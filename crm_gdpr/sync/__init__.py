"""HubSpot: the only package that speaks to it.  Facts come in as values; what follows is decided elsewhere."""

from crm_gdpr.sync.authorship import Author
from crm_gdpr.sync.budget import Budget
from crm_gdpr.sync.errors import HubSpotError
from crm_gdpr.sync.hubspot import ENGAGEMENTS, HubSpot, Record, Written
from crm_gdpr.sync.reread import read_facts

__all__ = ["ENGAGEMENTS", "Author", "Budget", "HubSpot", "HubSpotError", "Record", "Written", "read_facts"]
