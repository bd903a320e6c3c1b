"""What HubSpot says between two readings: bring one person's place in the index up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event


def attested(env: Env, event: Event) -> None:
    """An owner vouched for a talk, or answered a review: the next reading is soon enough, so ask for it."""
    env.queue.enqueue("dialogue.reconcile", f"dialogue-after-{event.object_id}-{event.occurred_ms}")
