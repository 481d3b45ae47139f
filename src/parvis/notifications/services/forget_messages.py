from collections.abc import Iterable
from uuid import UUID

from parvis.notifications.models import DeliveryState, Message


def forget_messages(subject_ids: Iterable[UUID]) -> int:
    """Erases to whom and what was written about these subjects, files included; how many messages.

    That a message left, and when, stays. One that still waits to leave is kept for another time.
    """
    found = Message.objects.filter(subject_id__in=list(subject_ids)).exclude(state=DeliveryState.WAITING)
    return found.update(to="", title="", text="", html="", attached=[], attached_contents=[], last_error="")
