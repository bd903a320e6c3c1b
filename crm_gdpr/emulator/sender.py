"""The threads that post deliveries to the app: five seconds to answer, several at a time."""

import json
import threading
import time

import requests

from crm_gdpr.emulator.deliveries import Delivery
from crm_gdpr.emulator.payloads import signed_headers
from crm_gdpr.emulator.webhooks import CONCURRENT, Webhooks

TIME_OUT_SECONDS = 5


class Sender:
    """Runs until stopped. Signs each attempt anew."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(CONCURRENT)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._webhooks.close()
        for thread in self._threads:
            thread.join(TIME_OUT_SECONDS + 1)

    def _run(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while delivery := self._webhooks.take():
                self._post(session, delivery)

    def _post(self, session: requests.Session, delivery: Delivery) -> None:
        number = len(delivery.attempts)
        events = [{**event, "attemptNumber": number} for event in delivery.events]
        body = json.dumps(events, ensure_ascii=False, separators=(",", ":")).encode()
        url = self._webhooks.url
        headers = signed_headers(self._webhooks.secret, url, body, self._webhooks.stamp_ms())
        started = time.monotonic()
        try:
            answer = session.post(url, data=body, headers=headers, timeout=TIME_OUT_SECONDS, allow_redirects=False)
        except requests.RequestException as problem:
            self._webhooks.done(delivery, None, type(problem).__name__)
        else:
            in_time = time.monotonic() - started <= TIME_OUT_SECONDS
            self._webhooks.done(delivery, answer.status_code if in_time else None, "" if in_time else "Timeout")
