"""The door of the audit room: facts, and the tamper-evident registers built on them."""

from parvis.audit.contracts import CheckpointView, FactView, Fault, Report, TokenView
from parvis.audit.selectors import checkpoint, fact_opening, facts, proof
from parvis.audit.services.anchor_leaves import anchor_leaves as anchor
from parvis.audit.services.platform_key import public_key, sign
from parvis.audit.services.record_fact import record_fact as record
from parvis.audit.services.timestamp_digest import timestamp_digest as timestamp
from parvis.audit.services.verify_log import verify_log

__all__ = [
    "CheckpointView",
    "FactView",
    "Fault",
    "Report",
    "TokenView",
    "anchor",
    "checkpoint",
    "fact_opening",
    "facts",
    "proof",
    "public_key",
    "record",
    "sign",
    "timestamp",
    "verify_log",
]
