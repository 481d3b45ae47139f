"""The door of the audit room: facts, and the tamper-evident registers built on them."""

from parvis.audit.services.record_fact import record_fact as record

__all__ = ["record"]
