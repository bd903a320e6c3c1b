"""What /metrics counts as it happens; what stands in the store the addons' gauges tell.

Labels are kinds and outcomes, never ids of people.
"""

from __future__ import annotations

from prometheus_client import Counter

DELIVERIES = Counter("crm_gdpr_deliveries", "Webhook deliveries by outcome", ["outcome"])
EVENTS = Counter("crm_gdpr_events", "Webhook events by outcome", ["outcome"])
