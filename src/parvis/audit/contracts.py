"""What may cross the wall of the audit room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FactView:
    """What happened to `subject_id`, by whom if someone, when (aware)."""

    id: UUID
    kind: str
    subject_id: UUID
    actor_id: UUID | None
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckpointView:
    """The register's last signed state. `root` is 32 bytes, `note` the signed text."""

    size: int
    root: bytes
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TokenView:
    """An RFC 3161 answer (DER) over a digest; `authority` names who signed it."""

    token: bytes
    authority: str
    qualified: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the register.

    `kind` is altered, removed, added, reordered, backdated, unanchored, node, checkpoint or key; `line` counts from 1;
    `text` is a French sentence.
    """

    kind: str
    text: str
    line: int | None = None
    fact_id: UUID | None = None


@dataclass(slots=True)
class Report:
    """What a whole check of the register found. `waiting` leaves have no place yet, which is normal for a minute."""

    lines: int = 0
    checkpoints: int = 0
    waiting: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.faults
