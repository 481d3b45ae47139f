"""First step: who comes, with each one's number. The coordination service is asked between two short transactions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.accounts import facade as accounts
from parvis.appointments.coordination.port import ApplicationState
from parvis.appointments.models import Booking
from parvis.appointments.services.check_numbers import CheckedNumber, check_numbers
from parvis.appointments.services.save_booking import PersonAnswers, save_booking
from parvis.appointments.web.booking.door import booking_behind, missing, private
from parvis.appointments.web.booking.forms import PeopleForm, read_again
from parvis.appointments.web.booking.steps import after_saving, go, is_fillable, may_hold_again, not_now, step_context
from parvis.authorities.facade import authority_stream
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal

# A number just said to be valid is not asked about again when the page is sent twice.
FRESH = timedelta(minutes=10)
# Numbers asked about, in an hour.
A_NETWORK, A_BOOKING = accounts.Limit(200, timedelta(hours=1)), accounts.Limit(40, timedelta(hours=1))
# Of France Titres, the former ANTS.
PRE_APPLICATION_URL = "https://ants.gouv.fr/"


@require_http_methods(["GET", "HEAD", "POST"])
@private
@authority_stream
def people(request: Any, key: str) -> HttpResponse:
    with scope.authority(request.authority.id):
        booking = booking_behind(key)
        if booking is None:
            return missing(request)
        if request.method != "POST":
            return not_now(request, booking, "booking_people") or _page(request, booking, PeopleForm(None, booking))
        if not is_fillable(booking):
            return go(request, booking)
        form = PeopleForm(request.POST, booking)
        form.is_valid()
        known = _validated_a_moment_ago(booking)
        try:
            _slow_down(request, booking, set(form.numbers().values()) - known)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return _page(request, booking, form, status=429)
    checked = check_numbers(form.numbers().values(), place_id=booking.place_id, booking_id=booking.id, known=known)
    with scope.authority(request.authority.id):
        return _answer(request, booking, form, checked)


def _slow_down(request: Any, booking: Booking, numbers: Iterable[str]) -> None:
    """What a number is worth, and where it has an appointment, is told to anybody who writes it. Raises Refusal."""
    for _number in numbers:
        accounts.slow_down(request, "number", A_NETWORK, booking=(str(booking.id), A_BOOKING))


def _validated_a_moment_ago(booking: Booking) -> frozenset[str]:
    since = clock.now() - FRESH
    valid = booking.people.filter(application_state=ApplicationState.VALIDATED, checked_at__gte=since)
    return frozenset(valid.values_list("application_id", flat=True))


def _answer(request: Any, booking: Booking, form: PeopleForm, checked: dict[str, CheckedNumber]) -> HttpResponse:
    numbers = form.numbers()
    answers = [_with_state(one, checked) for one in form.answers()]
    for rank, number in numbers.items():
        if checked[number].refused:
            form.add_error(f"p{rank}-application_id", _why_refused(checked[number]))
    try:
        booking = save_booking(booking, people=answers, again=may_hold_again(request, booking))
    except Refusal:
        return go(request, booking)
    if form.errors:
        return _page(request, booking, form, status=422)
    doubled = [(rank, checked[number]) for rank, number in numbers.items() if checked[number].doubled]
    told = form.cleaned_data["vu"].split()
    if any(one.application_id not in told for _rank, one in doubled):
        return _page(request, booking, form, doubled=doubled)
    if any(not one.state for one in checked.values()):
        message = _(
            "Le service national ne répond pas\u202f: le numéro sera vérifié plus tard. Cela ne change rien pour vous."
        )
        messages.info(request, message)
    return after_saving(request, booking, "booking_contact")


def _with_state(answers: PersonAnswers, checked: dict[str, CheckedNumber]) -> PersonAnswers:
    heard = checked.get(answers.application_id)
    if heard is None or not heard.state:
        return answers
    return replace(answers, application_state=heard.state, checked_at=clock.now())


def _why_refused(heard: CheckedNumber) -> str:
    if heard.state == ApplicationState.CONSUMED:
        return _(
            "Ce numéro a déjà servi à déposer une demande. Refaites une pré-demande sur ants.gouv.fr\u202f: elle est"
            " gratuite. Pour retirer un titre déjà prêt, prenez plutôt un rendez-vous de retrait."
        )
    if heard.state == ApplicationState.EXPIRED:
        return _(
            "Ce numéro est trop ancien. Refaites une pré-demande sur ants.gouv.fr\u202f: elle est gratuite, et donne"
            " un nouveau numéro."
        )
    words = _("Le service national ne connaît pas ce numéro. Recopiez-le depuis le récapitulatif.")
    return " ".join(filter(None, (words, read_again(heard.application_id))))


def _page(
    request: Any,
    booking: Booking,
    form: PeopleForm,
    *,
    doubled: Sequence[tuple[int, CheckedNumber]] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        **step_context(request, booking, "booking_people"),
        "form": form,
        "people": [[name for name in form.fields if name.startswith(f"p{rank}-")] for rank in form.ranks],
        "doubled": doubled,
        "told": " ".join(one.application_id for _rank, one in doubled),
        "pre_application_url": PRE_APPLICATION_URL,
    }
    return render(request, "appointments/booking/people.html", context, status=status)
