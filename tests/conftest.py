"""Once for all tests of this project; those of others' addons are left as they are."""

from __future__ import annotations

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from crm_gdpr.jobs.boot import settle


def pytest_configure() -> None:
    """Compile a page once, not once for each test that makes a web process."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache()}


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported and collected."""
    settle()
