from uuid import UUID

from parvis.appointments.letters.waiting import tell_over
from parvis.appointments.models import Offer, Waiting, WaitingState
from parvis.appointments.rules.paris import day_of
from parvis.appointments.selectors.agglomeration_scope import agglomeration_scope
from parvis.kit import clock


def leave_waiting(waiting_id: UUID) -> None:
    """Ends a wait; twice changes nothing. Raises NoAgglomeration."""
    with agglomeration_scope():
        Waiting.objects.filter(id=waiting_id, state=WaitingState.WAITING).update(state=WaitingState.LEFT)


def expire_waiting() -> int:
    """Ends the waits whose last day is over, and says so once; how many. Raises NoAgglomeration."""
    with agglomeration_scope() as whole:
        over = Waiting.objects.filter(state=WaitingState.WAITING, before__lt=day_of(clock.now()))
        found = list(over.select_for_update(skip_locked=True))
        for waiting in found:
            waiting.state = WaitingState.LEFT
            waiting.save(update_fields=["state"])
            if waiting.confirmed_at is not None:
                tell_over(waiting, whole)
    return len(found)


def serve_waiting(booking_id: UUID) -> bool:
    """Ends the wait of whoever confirmed the slot that they were offered; whether there was one."""
    with agglomeration_scope():
        taken = Offer.objects.filter(booking_id=booking_id, taken_at__isnull=False).values_list("waiting_id", flat=True)
        served = Waiting.objects.filter(id__in=list(taken), state=WaitingState.WAITING)
        return bool(served.update(state=WaitingState.SERVED))
