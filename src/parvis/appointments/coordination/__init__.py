"""The national coordination service, which keeps a person from booking the same application twice in France."""

from parvis.appointments.coordination.port import ApplicationState, Coordination, Declaration, Elsewhere, Status
from parvis.appointments.coordination.registry import coordination

__all__ = ["ApplicationState", "Coordination", "Declaration", "Elsewhere", "Status", "coordination"]
