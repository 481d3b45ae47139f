from parvis.audit.models.fact import Fact, LogLeaf
from parvis.audit.models.register import Checkpoint, LogNode, LogPosition, PendingLeaf

__all__ = ["Checkpoint", "Fact", "LogLeaf", "LogNode", "LogPosition", "PendingLeaf"]
