"""What one may wait for, and who waits for a freed slot. Who waits is read in the scope of the agglomeration."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from parvis.appointments.models import Agenda, Offer, Reason, Waiting, WaitingState
from parvis.appointments.rules.holds import CEILING
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.rules.waiting import own_code, own_reason
from parvis.appointments.selectors.agglomeration_scope import NoAgglomeration, agglomeration_scope

# More than ever wait for one slot; the first of them are the ones who have waited longest.
MOST = 500


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """A reason that one may wait for: `code` is a shared one or `own_code`, `place_ids` where it is served."""

    code: str
    label: str
    max_persons: int
    place_ids: frozenset[UUID]


def waited_for(code: str) -> WaitedFor | None:
    """None for a reason that nobody serves, or whose agendas keep no waiting list."""
    found = list(_reasons(code))
    if not found:
        return None
    return WaitedFor(
        code,
        SHARED[code].label if code in SHARED else found[0].label,
        max(one.max_persons for one in found),
        frozenset(one.agenda.place_id for one in found),
    )


def waiting_code(text: str, place_ids: Iterable[UUID]) -> str:
    """The code to wait with, from the address of a page: a shared one, `own_code`, or a place's own word for a reason
    with its place; "" for anything else.
    """
    if text in SHARED or own_reason(text) is not None:
        return text
    found = Reason.objects.filter(code=text, agenda__place_id__in=list(place_ids), active=True).first()
    return own_code(found.id) if found else ""


def shared_choices() -> list[WaitedFor]:
    """The shared reasons that one may wait for, in the order of rules/reasons.py."""
    return [one for code in SHARED if (one := waited_for(code)) is not None]


def label_of(code: str) -> str:
    """The words of a reason that may be closed since."""
    if code in SHARED:
        return SHARED[code].label
    own = own_reason(code)
    found = Reason.objects.filter(id=own).first() if own else None
    return found.label if found else ""


def code_of(reason: Reason) -> str:
    """What those who wait for this reason have written."""
    return str(reason.code) if reason.code in SHARED else own_code(reason.id)


def find_waiting(waiting_id: UUID) -> Waiting | None:
    """Opens the agglomeration's scope; None also where there is none."""
    try:
        with agglomeration_scope():
            found: Waiting | None = Waiting.objects.filter(id=waiting_id).first()
            return found
    except NoAgglomeration:
        return None


def waiting_for(agenda: Agenda, day: date, *, besides: Iterable[UUID] = ()) -> list[Waiting]:
    """Those who wait for a slot of this agenda on this Paris day, the longest first, but `besides`."""
    codes = [code_of(one) for one in agenda.reasons.filter(active=True)]
    somewhere = Q(place_ids=[]) | Q(place_ids__contains=[str(agenda.place_id)])
    found = Waiting.objects.filter(
        somewhere,
        state=WaitingState.WAITING,
        confirmed_at__isnull=False,
        reason_code__in=codes,
        after__lte=day,
        before__gte=day,
    ).exclude(id__in=list(besides))
    return list(found.order_by("created_at", "id")[:MOST])


def busy_with_another(now: datetime) -> list[UUID]:
    """Those who took a slot a moment ago and are filling its form: another one would only be lost."""
    return list(Offer.objects.filter(taken_at__gt=now - CEILING).values_list("waiting_id", flat=True))


def _reasons(code: str) -> Iterable[Reason]:
    open_ones = Reason.objects.filter(
        active=True, agenda__active=True, agenda__place__active=True, agenda__keeps_waiting_list=True
    ).select_related("agenda")
    if code in SHARED:
        return open_ones.filter(code=code)
    own = own_reason(code)
    return open_ones.filter(id=own).exclude(code__in=list(SHARED)) if own else []
