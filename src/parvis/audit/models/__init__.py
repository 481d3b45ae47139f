from parvis.audit.models.fact import Fact, LogLeaf

__all__ = ["Fact", "LogLeaf"]
