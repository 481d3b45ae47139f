"""The three steps of a hold: which one is next, and what every step's page shows."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.appointments.coordination.port import REFUSED
from parvis.appointments.links import booking_path
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.rules.holds import CEILING
from parvis.appointments.rules.persons import has_cases
from parvis.appointments.rules.reasons import is_numbered
from parvis.appointments.states import UNCONFIRMED
from parvis.kit import clock
from parvis.kit.errors import Refusal

# Nobody keeps slots for ever by taking them again and again.
HELD_AGAIN = accounts.Limit(60, timedelta(hours=1))
STEPS = ("booking_people", "booking_contact", "booking_check")


def address(request: Any, booking: Booking, page: str = "booking") -> str:
    return booking_path(request.authority.slug, booking.id, page)


def go(request: Any, booking: Booking, page: str = "booking") -> HttpResponseRedirect:
    return HttpResponseRedirect(address(request, booking, page))


def is_fillable(booking: Booking) -> bool:
    return booking.state in UNCONFIRMED


def next_step(booking: Booking) -> str:
    """The URL name of the first step with something missing, or of the last."""
    people = list(booking.people.filter(rank__lte=booking.persons))
    code = booking.reason.code
    ready = len(people) == booking.persons and all(
        one.first_name
        and one.last_name
        and (one.case or not has_cases(code))
        and (one.application_id or not is_numbered(code))
        and one.application_state not in REFUSED
        for one in people
    )
    if not ready:
        return STEPS[0]
    reachable = booking.contact_name and (booking.email or booking.phone)
    guarded = booking.guardian_name or not any(one.minor for one in people)
    return STEPS[2] if reachable and guarded else STEPS[1]


def may_hold_again(request: Any, booking: Booking) -> bool:
    """Whether saving may take again a slot whose time ran out, which counts as much as asking for it."""
    if booking.is_held(clock.now()):
        return True
    try:
        accounts.slow_down(request, "hold_again", HELD_AGAIN)
    except Refusal:
        return False
    return True


def not_now(request: Any, booking: Booking, step: str) -> HttpResponse | None:
    """Where to go instead of a step: the appointment once confirmed, its slot once given back, an earlier step."""
    if not is_fillable(booking) or not booking.is_held(clock.now()):
        return go(request, booking)
    wanted = next_step(booking)
    return go(request, booking, wanted) if STEPS.index(wanted) < STEPS.index(step) else None


def after_saving(request: Any, booking: Booking, step: str) -> HttpResponse:
    """To the next step, or to the nearest slots where somebody took this one while the page was being filled."""
    if booking.state == BookingState.EXPIRED:
        messages.warning(request, _("Cette place a été prise entre-temps. Ce que vous avez écrit est gardé."))
        return go(request, booking)
    return go(request, booking, step)


def step_context(request: Any, booking: Booking, step: str) -> dict[str, Any]:
    labels = (_("Qui vient"), _("Vous joindre"), _("Vérifier"))
    return {
        "booking": booking,
        "steps": [(label, address(request, booking, name)) for label, name in zip(labels, STEPS, strict=True)],
        "step": STEPS.index(step) + 1,
        "last_minute": booking.created_at + CEILING,
    }
