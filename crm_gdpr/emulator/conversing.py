"""People write to support or chat: thread, contact if new, a ticket by switch; and what becomes of it later."""

from dataclasses import replace

from crm_gdpr.emulator.account import Event, locked
from crm_gdpr.emulator.actor import SALES, Actor, mail
from crm_gdpr.emulator.communicating import Communicating, address
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import DAY_MS
from crm_gdpr.emulator.mail_headers import headers
from crm_gdpr.emulator.objects import Target
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.threads import INCOMING, OUTGOING, SUPPORT, Conversations, Message, Thread

TRASH_DAYS = 30
CHAT = Actor("CONVERSATIONS", "chat")
"""Who made a contact or ticket out of a chat."""


class Conversing(Communicating):
    """Threads and their messages."""

    def _empty(self) -> None:
        super()._empty()
        self.conversations = Conversations()

    @locked
    def write_in(
        self, sender: str, text: str, subject: str = "", *, to: str = SUPPORT, attachments: tuple[str, ...] = ()
    ) -> str:
        """Somebody mails one of our inboxes, or chats (``to=""``). Return the id of the thread."""
        account = self.conversations.account(to)
        actor = mail(to) if to else CHAT
        person = self._writer(address(sender), actor)
        thread = self.conversations.open_with(person.id, account)
        if thread is None:
            thread = Thread(next(self._ids), account, person.id, self.clock.now_ms())
            self.conversations.threads[thread.id] = thread
            self._tell_thread(thread, "creation", actor)
        said = Message("", 0, f"V-{person.id}", INCOMING, text, subject, attachments=attachments)
        self._say(thread, said, actor)
        if self.switches.conversations_open_tickets and thread.ticket_id is None:
            thread.ticket_id = self._ticket(thread, person, actor).id
        if to:
            self._log_mail(thread, person, said)
        return str(thread.id)

    @locked
    def reply(self, thread_id: object, text: str, *, actor: Actor = SALES, comment: bool = False) -> str:
        """One of us answers, or leaves a comment for the others. Return the id of the message."""
        thread = self.conversations.get(thread_id)
        type_ = "COMMENT" if comment else "MESSAGE"
        return self._say(thread, Message("", 0, f"A-{actor.user_id or 0}", OUTGOING, text, type=type_), actor)

    @locked
    def set_thread(self, thread_id: object, *, status: str = "", assigned_to: str = "", actor: Actor = SALES) -> Thread:
        """Open, close or assign."""
        thread = self.conversations.get(thread_id)
        if status and status not in ("OPEN", "CLOSED"):
            raise Malformed(f"status is OPEN or CLOSED, not {status}")
        if status and status != thread.status:
            thread.status = status
            thread.closed_ms = self.clock.now_ms() if status == "CLOSED" else None
            self._tell_thread(thread, "propertyChange", actor, propertyName="status", propertyValue=status)
        if assigned_to and assigned_to != thread.assigned_to:
            thread.assigned_to = assigned_to
            self._tell_thread(thread, "propertyChange", actor, propertyName="assignedTo", propertyValue=assigned_to)
        return thread

    @locked
    def archive_thread(self, thread_id: object, *, actor: Actor = SALES) -> None:
        """Into the trash, which is emptied after thirty days."""
        thread = self.conversations.get(thread_id)
        thread.archived_ms = self.clock.now_ms()
        self._tell_thread(thread, "deletion", actor)

    @locked
    def restore_thread(self, thread_id: object) -> Thread:
        thread = self.conversations.get(thread_id, archived=True)
        thread.archived_ms = None
        return thread

    @locked
    def tick(self) -> None:
        super().tick()
        self.conversations.empty_trash(self.clock.now_ms() - TRASH_DAYS * DAY_MS)

    def _erase(self, record: Record, actor: Actor) -> None:
        """Conversations of an erased contact go with it, those in the trash too."""
        super()._erase(record, actor)
        for thread in [one for one in self.conversations.threads.values() if self._is_with(one, record)]:
            del self.conversations.threads[thread.id]
            self._tell_thread(thread, "privacyDeletion", actor)

    def _chats(self, record: Record) -> list[int]:
        """A chat counts as contact at its last message."""
        if record.kind != "contacts":
            return []
        mine = [one for one in self.conversations.threads.values() if self._is_with(one, record)]
        return [one.messages[-1].at_ms for one in mine if one.messages and not one.account.address]

    def _is_with(self, thread: Thread, record: Record) -> bool:
        return self.heir("contacts", thread.contact_id) == record.id

    def _writer(self, email: str, actor: Actor) -> Record:
        """Whoever was erased comes back by writing."""
        return self.person_with(email) or self.create("contacts", {"email": email}, actor=actor)

    def _say(self, thread: Thread, said: Message, actor: Actor) -> str:
        said = replace(said, id=self.conversations.message_id(), at_ms=self.clock.now_ms())
        thread.messages.append(said)
        self._recount(("contacts", self.heir("contacts", thread.contact_id)))
        self._tell_thread(thread, "newMessage", actor, messageId=said.id, messageType=said.type)
        return said.id

    def _ticket(self, thread: Thread, person: Record, actor: Actor) -> Record:
        first = thread.messages[0]
        values = {
            "subject": first.subject or first.text[:80],
            "content": first.text,
            "hs_pipeline_stage": "1",
            "source_type": "EMAIL" if thread.account.address else "CHAT",
        }
        return self.create("tickets", values, actor=actor, targets=self._around(person), trusted=True)

    def _around(self, person: Record) -> list[Target]:
        company = self.primary_company(("contacts", person.id))
        return [("contacts", person.id, None), *([("companies", company, None)] if company else [])]

    def _log_mail(self, thread: Thread, person: Record, said: Message) -> None:
        """A mail in an inbox stands on the timelines as an engagement, with its ticket."""
        values = {
            "hs_timestamp": self.clock.now(),
            "hs_email_direction": "INCOMING_EMAIL",
            "hs_email_status": "SENT",
            "hs_email_subject": said.subject,
            "hs_email_text": said.text,
            "hs_email_headers": headers(person.properties.get("email", ""), thread.account.address),
            "hs_attachment_ids": ";".join(said.attachments),
        }
        around = self._around(person)
        if thread.ticket_id and thread.ticket_id in self.live["tickets"]:
            around.append(("tickets", thread.ticket_id, None))
        self.create("emails", values, actor=mail(thread.account.address), targets=around, trusted=True)

    def _tell_thread(self, thread: Thread, what: str, actor: Actor, **details: object) -> None:
        """No word of who changed it: conversations are told without source."""
        self.tell(Event("conversations", what, thread.id, self.clock.now_ms(), actor, details))
