from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.documents.models import UploadAttempt
from parvis.kit import clock


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends, for what, and what their machine's clock said if it said so."""

    authority_id: UUID
    owner_id: UUID
    subject_id: UUID
    client_clock: datetime | None = None


def trace_attempt(
    visitor: Visitor,
    event: str,
    upload_id: UUID | None = None,
    *,
    offset: int = 0,
    received: int = 0,
    status: int = 0,
    code: str = "",
) -> None:
    """One more row of the trace, in the scope and transaction of the caller."""
    UploadAttempt.objects.create(
        upload_id=upload_id,
        owner_id=visitor.owner_id,
        subject_id=visitor.subject_id,
        client_clock=visitor.client_clock,
        event=event,
        at=clock.now(),
        offset=offset,
        received=received,
        status=status,
        code=code,
    )
