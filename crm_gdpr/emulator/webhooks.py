"""Notifications on their way out: gathered into deliveries, sent, retried, and kept for looking at.

HubSpot retries ten times over a day. Here a failed delivery is due again when the account's clock reaches that
moment, or after a few real seconds, whichever comes first, so that a demo need not wait and a test may jump; with
``by_clock`` only the account's clock counts.
"""

import random
import threading
import time
from collections import deque

from crm_gdpr.emulator.account import Account, Event
from crm_gdpr.emulator.deliveries import RETRY_MINUTES, Attempt, Delivery, Trouble, fast_retry_seconds, retry_after_ms
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.payloads import payload
from crm_gdpr.emulator.subscribed import DEFAULT_SUBSCRIPTIONS, Subscription, about, subscriptions

MOST_EVENTS = 100
CONCURRENT = 10
LINGER_SECONDS = 0.03
LOOK_AGAIN_SECONDS = 0.1  # the clock may have jumped
_KEPT = 2_000


class Webhooks:
    """Hears what happens in the account and hands it to whoever sends."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wake = threading.Condition()
        self._random = random.Random(7)  # noqa: S311 - event ids and trouble, nothing secret
        self.url = ""
        self.secret = ""
        self.concurrent = CONCURRENT
        self.by_clock = False
        self.real_time = False
        self.trouble = Trouble()
        self.closed = False
        self.deliveries: deque[Delivery] = deque(maxlen=_KEPT)
        self._open: list[Delivery] = []
        self._hold(DEFAULT_SUBSCRIPTIONS)
        self._events: list[dict[str, object]] = []
        self._gathering_since = 0.0
        self._made = 0
        account.listeners.append(self.hear)

    def hear(self, event: Event) -> None:
        """Keep one notification for every subscription that covers the event."""
        if not self.url:
            return
        with self._wake:
            for wanted in self._covering.get(about(event), ()):
                self._gathering_since = self._gathering_since if self._events else time.monotonic()
                self._events.append(payload(self._account, event, wanted, self._random.randrange(1, 2**32)))
                self._wake.notify()

    def subscribe(self, wanted: object) -> None:
        """Replace the subscriptions: ``contact.propertyChange:email``, or as ``subscribed.subscription`` reads them."""
        self._hold(subscriptions(wanted, self._account.kinds))

    def _hold(self, subscriptions: tuple[Subscription, ...]) -> None:
        self.subscriptions = subscriptions
        self._covering: dict[tuple[str, str, str], list[Subscription]] = {}
        for one in subscriptions:
            self._covering.setdefault(one.covers, []).append(one)

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
                self._retry_later(delivery, number)
            self._open = [one for one in self._open if one.state in ("waiting", "sending")]
            self._wake.notify_all()

    def _retry_later(self, delivery: Delivery, number: int) -> None:
        delivery.state = "waiting"
        delivery.due_ms = self._account.clock.now_ms() + retry_after_ms(number, self._random)
        delivery.due_real = float("inf") if self.by_clock else time.monotonic() + fast_retry_seconds(number)

    def stamp_ms(self) -> int:
        """The moment a delivery is signed at: the account's, or the real one for apps that know no other."""
        return int(time.time() * 1000) if self.real_time else self._account.clock.now_ms()

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
            return not self._events and not self._open

    def forget(self) -> None:
        with self._wake:
            self.deliveries.clear()
            self._open.clear()
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
        dropped = self._random.random() < self.trouble.drop
        delivery = self._add(events, "dropped" if dropped else "waiting")
        if self._random.random() < self.trouble.duplicate:
            self._add(events)
        if self._random.random() < self.trouble.shuffle:
            delivery.due_ms, delivery.due_real = float("inf"), time.monotonic() + 1

    def _add(self, events: list[dict[str, object]], state: str = "waiting") -> Delivery:
        self._made += 1
        delivery = Delivery(self._made, events, state)
        self.deliveries.append(delivery)
        if state == "waiting":
            self._open.append(delivery)
        self._wake.notify()
        return delivery

    def _due(self) -> Delivery | None:
        if sum(one.state == "sending" for one in self._open) >= self.concurrent:
            return None
        now_ms, now_real = self._account.clock.now_ms(), time.monotonic()
        for delivery in self._open:
            if delivery.state == "waiting" and delivery.is_due(now_ms, now_real):
                delivery.state = "sending"
                return delivery
        return None
