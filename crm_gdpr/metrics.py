"""What /metrics counts.  Labels are kinds and outcomes, never ids of people."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

DELIVERIES = Counter("crm_gdpr_deliveries", "Webhook deliveries by outcome", ["outcome"])
EVENTS = Counter("crm_gdpr_events", "Webhook events by outcome", ["outcome"])
UNKNOWN = Gauge("crm_gdpr_unknown_sources", "Contacts whose source nobody knows; late is more than 24 hours", ["age"])
DEBT = Gauge("crm_gdpr_promise_debt", "People past their date, by what stands in the way", ["cause"])
