"""A copy of the store's file, and its return, as an operator restores one."""

from __future__ import annotations

from pathlib import Path

from crm_gdpr.env import Env


class Copy:
    """The store as it is now; put back as often as wanted."""

    def __init__(self, env: Env) -> None:
        self._database = env.store.database
        self._file = Path(env.settings.database_url.removeprefix("sqlite:///"))
        self._database.close()
        self._bytes = self._file.read_bytes()

    def put_back(self) -> None:
        self._database.close()
        for more in ("-wal", "-shm"):
            Path(f"{self._file}{more}").unlink(missing_ok=True)
        self._file.write_bytes(self._bytes)
