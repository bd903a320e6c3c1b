"""The whole state of an account as bytes, and back: whatever hangs on it, save what ties it to this process."""

import io
import pickle
from typing import Any

from crm_gdpr.emulator.account import Account
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.memory import nothing_to_collect

_OF_THIS_PROCESS = ("lock", "listeners")
_UNREADABLE = (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError)


def snapshot(account: Account) -> bytes:
    """What is there now; the clock goes on from this moment when it is put back."""
    with account.lock, nothing_to_collect():
        held = io.BytesIO()
        _Pickler(account, held).dump({n: v for n, v in vars(account).items() if n not in _OF_THIS_PROCESS})
        return held.getvalue()


def restore(account: Account, taken: bytes) -> None:
    """Be what was. Nobody is told, and whoever listens goes on listening. Only for snapshots of one's own making."""
    try:
        with nothing_to_collect():
            state = _Unpickler(account, io.BytesIO(taken)).load()
    except _UNREADABLE as problem:
        raise Malformed(f"This snapshot cannot be read; another version may have made it ({problem})") from None
    with account.lock:
        for later in vars(account).keys() - state.keys() - {*_OF_THIS_PROCESS}:
            delattr(account, later)
        vars(account).update(state)


class _Pickler(pickle.Pickler):
    """A part that knows its account still knows it afterwards."""

    def __init__(self, account: Account, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._account = account

    def persistent_id(self, thing: object) -> str | None:
        return "account" if thing is self._account else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, account: Account, file: io.BytesIO) -> None:
        super().__init__(file)
        self._account = account

    def persistent_load(self, _name: Any) -> Account:
        return self._account
