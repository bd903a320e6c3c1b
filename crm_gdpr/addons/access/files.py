"""Packages on disk: readable by this process's user alone, under names that tell nothing."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Package

SUFFIX = ".package.zip"
HOUR_S = 3600


def write(env: Env, content: bytes) -> tuple[str, str]:
    """Keep a package; return its name and its hash."""
    folder = env.settings.files
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16) + SUFFIX
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return name, hashlib.sha256(content).hexdigest()


def content_of(env: Env, package: Package) -> bytes | None:
    """Return a package's bytes; None when it is deleted, or not what it was."""
    try:
        content = (env.settings.files / package.file).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == package.sha256 else None


def delete(env: Env, package: Package) -> bool:
    """Delete a package and kill its link; False when its file was gone already."""
    path = env.settings.files / package.file
    existed = path.exists()
    path.unlink(missing_ok=True)
    env.store.requests.change_package(package.id, token_hash=None, expires_at=None)
    return existed


def strays(env: Env, known: Iterable[str]) -> list[Path]:
    """Return package files that no row names: an older answer, or one whose making was broken off an hour ago."""
    names, before = set(known), time.time() - HOUR_S
    found = (path for path in env.settings.files.glob(f"*{SUFFIX}") if path.name not in names)
    return [path for path in found if path.stat().st_mtime < before]
