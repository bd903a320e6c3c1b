"""A store of its own for each test, on disk as in production."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_gdpr.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(url: str, migrated: Path) -> Iterator[Store]:
    shutil.copyfile(migrated, url.removeprefix("sqlite:///"))
    made = Store(url)
    yield made
    made.database.close()
