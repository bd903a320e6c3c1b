"""Files of the account, attached to engagements by their ids. State and rules; nothing is looked at inside."""

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.records import id_number

ACCESS = (
    *("PUBLIC_INDEXABLE", "PUBLIC_NOT_INDEXABLE", "PRIVATE", "SENSITIVE"),
    *("HIDDEN_INDEXABLE", "HIDDEN_NOT_INDEXABLE", "HIDDEN_PRIVATE", "HIDDEN_SENSITIVE"),
)
_TYPES = {"IMG": ("png", "jpg", "jpeg", "gif", "webp", "svg"), "DOCUMENT": ("pdf", "docx", "txt", "csv", "xlsx")}


@dataclass
class StoredFile:
    """One file. Deleted ones keep their content until they are erased or the account is emptied of them."""

    id: int
    file_name: str
    content: bytes
    created_ms: int
    access: str = "PRIVATE"
    folder: str = "/"
    deleted_ms: int | None = None

    @property
    def name(self) -> str:
        return PurePosixPath(self.file_name).stem

    @property
    def extension(self) -> str:
        return PurePosixPath(self.file_name).suffix.removeprefix(".").lower()

    @property
    def type(self) -> str:
        return next((type_ for type_, ends in _TYPES.items() if self.extension in ends), "OTHER")

    @property
    def path(self) -> str:
        return f"{self.folder.rstrip('/')}/{self.file_name}"

    @property
    def is_public(self) -> bool:
        return self.access.startswith(("PUBLIC", "HIDDEN_INDEXABLE", "HIDDEN_NOT"))

    def signature(self, expires_ms: int) -> str:
        """Enough to tell a link of ours from a guess on this machine."""
        return hashlib.sha256(f"{self.id} {expires_ms} {self.created_ms}".encode()).hexdigest()[:32]


@dataclass
class FileStore:
    """Files by id."""

    by_id: dict[int, StoredFile] = field(default_factory=dict)

    def put(self, new: StoredFile) -> StoredFile:
        if new.access not in ACCESS:
            raise Malformed(f"access is one of {', '.join(ACCESS)}, not {new.access}")
        self.by_id[new.id] = new
        return new

    def live(self) -> list[StoredFile]:
        return [one for one in self.by_id.values() if one.deleted_ms is None]

    def get(self, file_id: object) -> StoredFile:
        found = self.find(file_id)
        if found.deleted_ms is not None:
            raise NotFound("file", file_id)
        return found

    def find(self, file_id: object) -> StoredFile:
        """Also one that has been deleted."""
        found = self.by_id.get(id_number(file_id))
        if found is None:
            raise NotFound("file", file_id)
        return found

    def erase(self, file_id: object) -> None:
        """The content is gone for good, of a deleted file too."""
        del self.by_id[self.find(file_id).id]

    def purge(self, oldest_ms: int) -> None:
        for one in [o for o in self.by_id.values() if o.deleted_ms is not None and o.deleted_ms <= oldest_ms]:
            del self.by_id[one.id]
