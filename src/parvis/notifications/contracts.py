"""What may cross the wall of the notifications room."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MessageView:
    """One e-mail and what became of it. `state` is waiting, sent or failed, `state_label` its French; `last_error` is
    the server's own words.
    """

    id: UUID
    to: str
    title: str
    text: str
    state: str
    state_label: str
    attempts: int
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    subject_id: UUID | None
