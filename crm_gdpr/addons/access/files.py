"""Files on disk: encrypted, readable by this process's user alone, under names that tell nothing.

Each is an AES-256 zip whose key is made from our secret and its own name; without the secret it is noise.  An access
answer lies here as a draft until a person has read it through, then as the package; what a reading has found so far
lies here while it goes on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyzipper

from crm_gdpr.addons.access.model import as_json

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Package

PACKAGE, DRAFT, PART = ".package.zip", ".draft.zip", ".part.zip"
SUFFIXES = (PACKAGE, DRAFT)
INSIDE = "content"
HOUR_S, DAY_S = 3600, 86_400


def new_name() -> str:
    """Return a name that tells nothing."""
    return secrets.token_hex(16)


def write(env: Env, name: str, members: Mapping[str, bytes]) -> str:
    """Keep files under a name, in place of what was there; return the hash of what they hold."""
    content = sealed(members, key_of(env, name))
    folder = env.settings.files
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / f"{secrets.token_hex(8)}.new"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / name)
    return digest_of(members)


def read(env: Env, name: str) -> dict[str, bytes] | None:
    """Return what is kept under a name; None when it is deleted, or cannot be opened."""
    try:
        return opened((env.settings.files / name).read_bytes(), key_of(env, name))
    except (OSError, RuntimeError, pyzipper.BadZipFile, ValueError):
        return None


def sealed(members: Mapping[str, bytes], key: bytes) -> bytes:
    """Return files in an AES-256 zip."""
    content = BytesIO()
    with pyzipper.AESZipFile(content, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as package:
        package.setpassword(key)
        for name, each in members.items():
            package.writestr(name, each)
    return content.getvalue()


def opened(content: bytes, key: bytes) -> dict[str, bytes]:
    """Return the files of an AES-256 zip."""
    with pyzipper.AESZipFile(BytesIO(content)) as package:
        package.setpassword(key)
        return {name: package.read(name) for name in package.namelist()}


def digest_of(members: Mapping[str, bytes]) -> str:
    """Return one hash over several files and their names."""
    whole = hashlib.sha256()
    for name, content in sorted(members.items()):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def key_of(env: Env, name: str) -> bytes:
    return hmac.new(env.settings.secret_key.encode(), f"file:{name}".encode(), hashlib.sha256).hexdigest().encode()


def content_of(env: Env, package: Package) -> bytes | None:
    """Return a released package; None when it is deleted, or not what it was."""
    members = read(env, package.file + PACKAGE)
    return members[INSIDE] if members and digest_of(members) == package.sha256 else None


def delete(env: Env, package: Package) -> bool:
    """Delete a package with its draft, and kill its link; False when its files were gone already."""
    paths = [env.settings.files / (package.file + suffix) for suffix in SUFFIXES]
    existed = any(path.exists() for path in paths)
    for path in paths:
        path.unlink(missing_ok=True)
    env.store.requests.change_package(package.id, token_hash=None, expires_at=None)
    return existed


def keep(env: Env, name: str, value: Any) -> None:
    """Keep something for the rest of a reading."""
    write(env, _part(env, name), {INSIDE: as_json(value)})


def kept(env: Env, name: str) -> Any:
    """Return what was kept, None when it is gone."""
    members = read(env, _part(env, name))
    return None if members is None else json.loads(members[INSIDE])


def of_today(env: Env, name: str, read: Callable[[], Any]) -> Any:
    """Return what is read once a day for all requests; it lies here until the day is over."""
    name = f"{name}-{env.today().isoformat()}"
    today = kept(env, name)
    if today is None:
        today = json.loads(json.dumps(read()))  # as it will be read back
        keep(env, name, today)
    return today


def let_go(env: Env, name: str) -> None:
    (env.settings.files / _part(env, name)).unlink(missing_ok=True)


def strays(env: Env, known: Iterable[str]) -> list[Path]:
    """Return files that nothing names any more: an older answer, a making that was broken off, a day that is over."""
    names, now = {*known, env.settings.journal.stem}, time.time()
    found = [path for path in env.settings.files.glob("*") if path.name.partition(".")[0] not in names]
    limit = {PART: DAY_S}
    return [path for path in found if path.stat().st_mtime < now - limit.get("".join(path.suffixes[-2:]), HOUR_S)]


def _part(env: Env, name: str) -> str:
    return key_of(env, f"part:{name}").decode()[:32] + PART
