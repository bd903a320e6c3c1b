"""Once for all tests of this project; those of others' addons are left as they are."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from crm_gdpr.addons.console.accounts import Throttle
from crm_gdpr.app import create_app
from crm_gdpr.env import Env
from crm_gdpr.jobs.boot import settle


def pytest_configure() -> None:
    """Compile a page once, not once for each test that makes a web process."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache()}


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported and collected."""
    settle()


@pytest.fixture(scope="session")
def built() -> dict[tuple[str, ...], Flask]:
    """Web processes by the addons they serve."""
    return {}


@pytest.fixture
def app(env: Env, built: dict[tuple[str, ...], Flask]) -> Flask:
    """One web process for all tests: to put its pages together takes longer than most of them."""
    addons = tuple(addon.name for addon in env.registry)
    if addons not in built:
        built[addons] = create_app(env)
    built[addons].extensions |= {"crm_gdpr": env, "console_throttle": Throttle()}
    return built[addons]
