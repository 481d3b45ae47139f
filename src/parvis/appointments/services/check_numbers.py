"""Asks the coordination service, and our own platform, what they know of pre-application numbers.

The remote call may last 4 s: it is made outside any transaction, and no answer is no obstacle.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from parvis.appointments.coordination.port import REFUSED, ApplicationState, Elsewhere, Status
from parvis.appointments.coordination.registry import coordination
from parvis.appointments.links import booking_of
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.selectors.pointers import pointed_at
from parvis.authorities.facade import authority
from parvis.kit import clock, scope
from parvis.kit.errors import Permanent, RetryLater


@dataclass(frozen=True, slots=True)
class OwnAppointment:
    """An appointment that a number has on our own platform: when and where, never whose."""

    at: datetime
    place: str
    find_url: str


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """`state` is empty when the service said nothing; `elsewhere` leaves our own appointments out, `here` has them."""

    application_id: str
    state: str
    elsewhere: tuple[Elsewhere, ...] = ()
    here: tuple[OwnAppointment, ...] = ()

    @property
    def refused(self) -> bool:
        return self.state in REFUSED

    @property
    def doubled(self) -> bool:
        return self.state == ApplicationState.DECLARED or bool(self.elsewhere or self.here)


def check_numbers(
    application_ids: Iterable[str], *, place_id: UUID, booking_id: UUID, known: frozenset[str] = frozenset()
) -> dict[str, CheckedNumber]:
    """What is known of each well-formed number; those `known` to be validated a moment ago are not asked again.

    Raises RuntimeError within an authority's scope, whose transaction would stay open meanwhile.
    """
    if scope.authority_in_scope() is not None:
        raise RuntimeError("numbers are checked outside any transaction")
    wanted = list(dict.fromkeys(application_ids))
    said = _ask([one for one in wanted if one not in known], str(place_id))
    validated = Status("", ApplicationState.VALIDATED)
    said |= {number: validated for number in wanted if number in known}
    return {
        number: CheckedNumber(
            number,
            said[number].state.value if number in said else "",
            tuple(one for one in said[number].appointments if not _is_ours(one)) if number in said else (),
            tuple(_own_appointments(number, booking_id)),
        )
        for number in wanted
    }


def _ask(wanted: list[str], meeting_point_id: str) -> dict[str, Status]:
    service = coordination()
    if service is None or not wanted:
        return {}
    try:
        return service.status(wanted, meeting_point_id)
    except (RetryLater, Permanent):
        return {}


def _is_ours(one: Elsewhere) -> bool:
    """Our own pages are found through the pointers: their link goes to nobody but the address that booked them."""
    start, found, key = one.management_url.partition("/rendez-vous/suivi/")
    return bool(found) and start.startswith(settings.PUBLIC_URL) and booking_of(key.partition("/")[0]) is not None


def _own_appointments(number: str, but: UUID) -> list[OwnAppointment]:
    found = []
    for authority_id, booking_id in pointed_at([number]):
        if booking_id == but:
            continue
        with scope.authority(authority_id):
            live = Booking.objects.filter(id=booking_id, state=BookingState.BOOKED, starts_at__gt=clock.now())
            booking = live.select_related("place").first()
        if booking is not None:
            url = reverse("find_booking", args=[authority(authority_id).slug])
            found.append(OwnAppointment(booking.starts_at, f"{booking.place.name}, {booking.place.city}", url))
    return sorted(found, key=lambda one: one.at)
