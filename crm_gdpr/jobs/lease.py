"""Hold work items for as long as their worker lives: a thread renews the lease until the work is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from types import TracebackType

from crm_gdpr.store.work import Work


class Lease:
    """Renewed every third of its length; it runs out by itself when the process dies."""

    def __init__(self, work: Work, keys: Sequence[str], length_s: float) -> None:
        self._work, self._keys, self._length_s = work, keys, length_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _renew(self) -> None:
        while not self._over.wait(self._length_s / 3):
            self._work.renew(*self._keys, due_s=time.time() + self._length_s)
