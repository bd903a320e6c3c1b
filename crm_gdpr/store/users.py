"""Who may sign in to the console.  Passwords are kept as salted hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import delete, insert, select
from werkzeug.security import check_password_hash, generate_password_hash

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import users

ROLES = ("support", "officer")


@dataclass(frozen=True)
class User:
    """A name and what it may do: `support` answers people, `officer` also approves and releases."""

    name: str
    role: str


class Users:
    """Local accounts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, name: str, password: str, role: str) -> User:
        """Create an account, or give an existing one a new password and role."""
        with self._db.write() as connection:
            connection.execute(delete(users).where(users.c.name == name))
            values = {"name": name, "password_hash": generate_password_hash(password), "role": role}
            connection.execute(insert(users).values(**values))
        return User(name, role)

    def get(self, name: str) -> User | None:
        with self._db.read() as connection:
            row = connection.execute(select(users.c.name, users.c.role).where(users.c.name == name)).first()
        return None if row is None else User(row.name, row.role)

    def check(self, name: str, password: str) -> User | None:
        """Return the user when the password fits; an unknown name takes as long as a wrong password."""
        with self._db.read() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).first()
        known = row.password_hash if row else _nobody()
        if not check_password_hash(known, password) or row is None:
            return None
        return User(row.name, row.role)


@cache
def _nobody() -> str:
    return generate_password_hash("nobody signs in with this")
