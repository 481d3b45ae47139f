"""What the coordination service is still to be told, and what it refuses. In the scope of an authority."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.appointments.models import Booking, DeclarationState, NationalDeclaration
from parvis.kit import clock


@dataclass(frozen=True, slots=True)
class FailedDeclaration:
    """A refusal for good. `withdrawal`: the appointment is no longer ours and the service may still show it."""

    booking: Booking
    at: datetime
    withdrawal: bool
    error: str
    changed_at: datetime


def due(now: datetime) -> QuerySet[Any]:
    """Rows that ask for a call. An appointment whose hour is past is no longer declared; one that was is withdrawn."""
    return NationalDeclaration.objects.filter(
        Q(state=DeclarationState.TO_WITHDRAW) | Q(state=DeclarationState.TO_DECLARE, at__gt=now)
    ).select_related("booking")


def left_over(now: datetime, before: datetime) -> list[UUID]:
    """Bookings with a row due that nobody has touched since `before`, those tried least first."""
    rows = (
        due(now).filter(changed_at__lt=before).order_by("attempts", "changed_at").values_list("booking_id", flat=True)
    )
    return list(dict.fromkeys(rows))


def failed_declarations() -> list[FailedDeclaration]:
    """Those of coming dates, the nearest first: somebody should look at them."""
    failed = NationalDeclaration.objects.filter(state=DeclarationState.FAILED, at__gt=clock.now())
    rows = failed.select_related("booking", "booking__place")
    return [
        FailedDeclaration(row.booking, row.at, _is_withdrawal(row), row.last_error, row.changed_at)
        for row in rows.order_by("at")
    ]


def _is_withdrawal(row: NationalDeclaration) -> bool:
    return row.at != row.booking.starts_at or row.booking.state in {"cancelled", "displaced", "expired", "held"}
