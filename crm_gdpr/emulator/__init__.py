"""A HubSpot account on this machine: rules in plain Python, the same over HTTP, clock and faults to steer.

``Portal`` is the account, ``serve(portal)`` puts it on a port of this machine. Any client that works with HubSpot
should work with it. Emulated, on the 2026-09, 2026-03 and v3/v4 paths:

- records of contacts, companies, deals, tickets, calls, communications, e-mails, meetings, notes, postal mail, tasks,
  of what is sold, asked and booked (quotes, leads, survey answers; ``further_kinds.py``) and of object types of the
  account's own: one at a time and in batches, with upsert, history, unique values, search, merging, recycle bin and
  permanent deletion;
- associations between them, and labels of the account's own;
- property definitions and groups: archived, restored, purged;
- pipelines and their stages, with their log; owners, account details; webhooks going out; call limits.

Beside the records: communication preferences; lists and their members (filters on properties under AND and OR);
forms and their submissions; conversations with their inboxes, channels and actors;
files; events; the usage of the day.

Left out on purpose, since nothing here calls them: OAuth, the webhook settings API, the journal, users as records,
folders of lists and files, sending custom events, goals, projects, contracts, taxes, fees and discounts, marketing
events and who took part, marketing e-mails and their events, transcripts of calls, what staff did in the account (audit
logs), imports and exports, the limits of associations and the report on who comes near them, lists that turn themselves
into fixed ones and the history of their sizes, lists of an account's own object types and searches by association with
them, hiding sensitive values from who lacks their scope. Whatever is asked for and missing answers 404 and is listed
under ``/_emulator/stats``.
"""

from crm_gdpr.emulator.emulator import Running, serve
from crm_gdpr.emulator.limits import Limits
from crm_gdpr.emulator.portal import Portal

__all__ = ["Limits", "Portal", "Running", "serve"]
