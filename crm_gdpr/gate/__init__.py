"""The one gate for destruction.  Every archive and every erase goes through `Gate.carry_out`, and nothing else."""

from crm_gdpr.gate.permission import CapReached, Gate
from crm_gdpr.gate.removal import Outcome, Refused

__all__ = ["CapReached", "Gate", "Outcome", "Refused"]
