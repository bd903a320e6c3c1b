"""Notifications on their way out: gathered into deliveries, sent, retried, and kept for looking at.

HubSpot retries ten times over a day. Here a failed delivery is due again when the account's clock reaches that
moment, or after a few real seconds, whichever comes first, so that a demo need not wait and a test may jump.
"""

import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from crm_gdpr.emulator.account import Account, Event
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.payloads import DEFAULT_SUBSCRIPTIONS, Subscription, payload, subscription_type

MOST_EVENTS = 100
LINGER_SECONDS = 0.03
LOOK_AGAIN_SECONDS = 0.1  # the clock may have jumped
RETRY_MINUTES = (1, 5, 15, 30, 60, 120, 180, 240, 300, 480)
_KEPT = 2_000


def fast_retry_seconds(attempt: int) -> float:
    """The other way a retry falls due: 1, 2, 4 … at most 30 real seconds."""
    return float(min(30, 2**attempt))


@dataclass(frozen=True)
class Attempt:
    number: int
    at: str
    status: int | None
    error: str = ""


@dataclass
class Delivery:
    """Up to a hundred notifications in one request, with every attempt to hand it over."""

    id: int
    events: list[dict[str, object]]
    state: str = "waiting"  # waiting, sending, delivered, given up, dropped
    attempts: list[Attempt] = field(default_factory=list)
    due_ms: float = 0
    due_real: float = 0


@dataclass
class Trouble:
    """The share of deliveries that arrive twice, late or never."""

    duplicate: float = 0
    shuffle: float = 0
    drop: float = 0


class Webhooks:
    """Hears what happens in the account and hands it to whoever sends."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wake = threading.Condition()
        self._random = random.Random(7)  # noqa: S311 - event ids and trouble, nothing secret
        self.url = ""
        self.secret = ""
        self.subscriptions: tuple[Subscription, ...] = DEFAULT_SUBSCRIPTIONS
        self.trouble = Trouble()
        self.closed = False
        self.deliveries: list[Delivery] = []
        self._events: list[dict[str, object]] = []
        self._gathering_since = 0.0
        self._made = 0
        account.listeners.append(self.hear)

    def hear(self, event: Event) -> None:
        """Keep one notification for every subscription that covers the event."""
        if not self.url:
            return
        type_, name = subscription_type(event), event.details.get("propertyName", "")
        with self._wake:
            for subscription in self.subscriptions:
                if subscription.type == type_ and subscription.property == name:
                    event_id = self._random.randrange(1, 2**32)
                    self._gathering_since = self._gathering_since if self._events else time.monotonic()
                    self._events.append(payload(self._account, event, subscription, event_id))
                    self._wake.notify()

    def subscribe(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Replace the subscriptions by ``(type, property)`` pairs."""
        self.subscriptions = tuple(
            Subscription(7_100_001 + number, type_, name) for number, (type_, name) in enumerate(wanted)
        )

    def take(self) -> Delivery | None:
        """Wait for the next delivery that is due; None once closed."""
        with self._wake:
            while not self.closed:
                self._gather()
                due = self._due()
                if due is not None:
                    return due
                self._wake.wait(LINGER_SECONDS if self._events else LOOK_AGAIN_SECONDS)
        return None

    def close(self) -> None:
        with self._wake:
            self.closed = True
            self._wake.notify_all()

    def done(self, delivery: Delivery, status: int | None, error: str = "") -> None:
        """Note how an attempt went; anything but a 2xx is tried again, ten times at most."""
        with self._wake:
            number = len(delivery.attempts)
            delivery.attempts.append(Attempt(number, text(self._account.clock.now_ms()), status, error))
            if status is not None and 200 <= status < 300:
                delivery.state = "delivered"
            elif number >= len(RETRY_MINUTES):
                delivery.state = "given up"
            else:
                delivery.state = "waiting"
                delivery.due_ms = self._account.clock.now_ms() + RETRY_MINUTES[number] * 60_000
                delivery.due_real = time.monotonic() + fast_retry_seconds(number)
            self._wake.notify_all()

    def resend(self, number: int) -> Delivery:
        """Send a delivery once more, as HubSpot now and then does by itself."""
        with self._wake:
            found = next((one for one in self.deliveries if one.id == number), None)
            if found is None:
                raise Malformed(f"There is no delivery {number}")
            return self._add(found.events)

    def idle(self) -> bool:
        """Nothing is gathered, waiting or under way."""
        with self._wake:
            return not self._events and all(d.state not in ("waiting", "sending") for d in self.deliveries)

    def forget(self) -> None:
        with self._wake:
            self.deliveries.clear()
            self._events.clear()

    def _gather(self) -> None:
        """Make deliveries of what has lingered long enough; inside one, order means nothing."""
        while self._events and (
            len(self._events) >= MOST_EVENTS or time.monotonic() - self._gathering_since >= LINGER_SECONDS
        ):
            events, self._events = self._events[:MOST_EVENTS], self._events[MOST_EVENTS:]
            self._random.shuffle(events)
            self._add_with_trouble(events)

    def _add_with_trouble(self, events: list[dict[str, object]]) -> None:
        delivery = self._add(events)
        if self._random.random() < self.trouble.drop:
            delivery.state = "dropped"
        if self._random.random() < self.trouble.duplicate:
            self._add(events)
        if self._random.random() < self.trouble.shuffle:
            delivery.due_ms, delivery.due_real = float("inf"), time.monotonic() + 1

    def _add(self, events: list[dict[str, object]]) -> Delivery:
        self._made += 1
        delivery = Delivery(self._made, events)
        self.deliveries = [*self.deliveries[-_KEPT:], delivery]
        self._wake.notify()
        return delivery

    def _due(self) -> Delivery | None:
        now_ms, now_real = self._account.clock.now_ms(), time.monotonic()
        for delivery in self.deliveries:
            if delivery.state == "waiting" and (delivery.due_ms <= now_ms or delivery.due_real <= now_real):
                delivery.state = "sending"
                return delivery
        return None
