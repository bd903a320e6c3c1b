"""Once for all tests of this project; those of others' addons are left as they are."""

from __future__ import annotations

from crm_gdpr.jobs.boot import settle


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported and collected."""
    settle()
