"""What the stories of objections share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_gdpr.jobs.run import perform_one
from tests.addons.door import Settle, front_door


@pytest.fixture
def settle_by_queue(app, env, emulator, work) -> Iterator[Settle]:
    """Let everything that was said in the portal be heard over HTTP, and all that follows be done by a worker."""
    with front_door(app, env, emulator, work) as settled:
        yield settled


@pytest.fixture
def settle(app, env, emulator) -> Iterator[Settle]:
    """The same with the work done without the queue's transport, which takes longer than the work."""

    def work() -> None:
        for item in env.store.work.overdue(float("inf")):
            perform_one(env, item.key)

    with front_door(app, env, emulator, work) as settled:
        yield settled
