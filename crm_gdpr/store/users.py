"""Who may sign in to the console or use the API.  Of passwords and tokens only hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, insert, select
from werkzeug.security import check_password_hash, generate_password_hash

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import api_tokens, users

ROLES = ("support", "officer")
METHOD = "scrypt"


@dataclass(frozen=True)
class User:
    """A name and what it may do: `support` answers people, `officer` also approves and releases.

    `mark` is another one after each new password, so that what was signed in with the old one is known.
    """

    name: str
    role: str
    mark: str = field(default="", repr=False, compare=False)


class Users:
    """Local accounts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, name: str, password: str, role: str) -> User:
        """Create an account, or give an existing one a new password and role; the same password ends no session."""
        with self._db.read() as connection:
            known = connection.execute(select(users.c.password_hash).where(users.c.name == name)).scalar()
        same = known is not None and check_password_hash(known, password)
        hashed = known if same else generate_password_hash(password, METHOD)
        with self._db.write() as connection:  # begun once the slow hash is made
            connection.execute(delete(users).where(users.c.name == name))
            connection.execute(insert(users).values(name=name, password_hash=hashed, role=role))
        return User(name, role)

    def get(self, name: str) -> User | None:
        with self._db.read() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).first()
        return None if row is None else _user(row)

    def check(self, name: str, password: str) -> User | None:
        """Return the user when the password fits; an unknown name takes as long as a wrong password."""
        with self._db.read() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).first()
        known = row.password_hash if row else _nobody()
        if not check_password_hash(known, password) or row is None:
            return None
        return _user(row)

    def issue_token(self, name: str, at: datetime) -> str:
        """Return a new token for the API; shown this once, and the user's token before it is dead."""
        token = secrets.token_urlsafe(32)
        with self._db.write() as connection:
            connection.execute(delete(api_tokens).where(api_tokens.c.user == name))
            connection.execute(insert(api_tokens).values(token_hash=_digest(token), user=name, made_at=at))
        return token

    def revoke_token(self, name: str) -> bool:
        """Make a user's token dead; False when there was none."""
        with self._db.write() as connection:
            return connection.execute(delete(api_tokens).where(api_tokens.c.user == name)).rowcount > 0

    def by_token(self, token: str) -> User | None:
        """Return whose token it is, with the role they have now."""
        with self._db.read() as connection:
            name = connection.execute(
                select(api_tokens.c.user).where(api_tokens.c.token_hash == _digest(token))
            ).scalar()
        return None if name is None else self.get(name)


def _user(row: Any) -> User:
    return User(row.name, row.role, _digest(row.password_hash)[:16])


def _digest(token: str) -> str:
    """A token is long and random: a plain hash of it tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _nobody() -> str:
    return generate_password_hash("nobody signs in with this", METHOD)
