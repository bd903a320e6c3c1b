"""What is called of the families beside the records."""

from tests.emulator.contract_conversations import call_conversations
from tests.emulator.contract_forms import call_forms
from tests.emulator.contract_lists import call_lists
from tests.emulator.contract_more import call_events, call_files
from tests.emulator.contract_preferences import call_preferences

FAMILY_CALLS = [call_preferences, call_lists, call_forms, call_conversations, call_files, call_events]
