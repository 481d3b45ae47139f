"""What the coordination service is still to be told. In the scope of an authority."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.appointments.models import DeclarationState, NationalDeclaration


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
