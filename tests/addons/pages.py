"""A browser's part in the stories of the pages: sign in, read a form's token, post it."""

from __future__ import annotations

import re
from unittest.mock import patch

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm_gdpr.env import Env
from crm_gdpr.store import users

PASSWORD = "a long password for tests"


def sign_in(client: FlaskClient, env: Env, role: str = "officer", name: str = "kim") -> TestResponse:
    """Make an account, its password quickly hashed, and sign in with it."""
    with patch.object(users, "METHOD", "pbkdf2:sha256:1"):
        env.store.users.add(name, PASSWORD, role)
    return post(client, "/console/login", page="/console/login", name=name, password=PASSWORD)


def token(html: str) -> str:
    """Return the CSRF token of a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, "the page has no form"
    return found.group(1)


def post(client: FlaskClient, address: str, *, page: str = "/console/plans", **fields: str) -> TestResponse:
    """Post a form as a browser does: with the token that a page gave."""
    given = {"csrf_token": token(client.get(page).text), **fields}
    return client.post(address, data=given)
