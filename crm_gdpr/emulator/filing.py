"""Files come and go by themselves: neither engagements nor people take theirs along."""

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.bin import Bin
from crm_gdpr.emulator.files import FileStore, StoredFile
from crm_gdpr.emulator.instants import DAY_MS


class Filing(Bin):
    """Keep files; attach them by writing their ids into ``hs_attachment_ids``."""

    def _empty(self) -> None:
        super()._empty()
        self.files = FileStore()

    @locked
    def add_file(self, file_name: str, content: bytes = b"", *, access: str = "PRIVATE", folder: str = "/") -> str:
        made = StoredFile(next(self._ids), file_name, content, self.clock.now_ms(), access, folder)
        return str(self.files.put(made).id)

    @locked
    def delete_file(self, file_id: object) -> None:
        """Nobody reaches it any more; restorable by people, as records are, so not yet erased."""
        self.files.get(file_id).deleted_ms = self.clock.now_ms()

    @locked
    def tick(self) -> None:
        super().tick()
        self.files.purge(self.clock.now_ms() - self.switches.bin_days * DAY_MS)
