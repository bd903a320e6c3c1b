"""The one gate for destruction.  Every archive and every erase goes through `Gate.carry_out`, and nothing else."""

from crm_gdpr.gate.permission import Gate
from crm_gdpr.gate.removal import Outcome, Refused

__all__ = ["Gate", "Outcome", "Refused"]
