"""An agent books for somebody: reason and persons, then an hour, then the least to find them again."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.appointments.models import Reason
from parvis.appointments.rules.application_id import is_application_id, normalise
from parvis.appointments.rules.paris import day_of, read_day, read_slot_text, slot_text
from parvis.appointments.services.book_for_somebody import Caller, book_for_somebody
from parvis.appointments.services.check_numbers import CheckedNumber, check_numbers
from parvis.appointments.web.forms import add_refusal
from parvis.appointments.web.reception.forms import CallerForm
from parvis.appointments.web.reception.house import Door, door, list_url, reasons_of, uuid_of
from parvis.appointments.web.reception.slots import SHOWN_DAYS, slot_days
from parvis.appointments.words import moment_words, persons_words
from parvis.authorities.facade import authority_stream, desk_page
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address says so far: `motif`, `personnes`, `debut`; a slot is asked about from `from_day` on."""

    reasons: list[Reason]
    reason: Reason | None
    persons: int
    start: datetime | None
    from_day: date


def choice_of(request: Any, here: Door) -> Choice:
    reasons = reasons_of(here)
    asked = uuid_of(request.GET.get("motif", ""))
    reason = next((one for one in reasons if one.id == asked), reasons[0] if len(reasons) == 1 else None)
    typed = request.GET.get("personnes", "")
    persons = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1
    today = day_of(clock.now())
    from_day = max(today, read_day(request.GET.get("du", "")) or today)
    persons = min(max(persons, 1), reason.max_persons if reason else 20)
    return Choice(reasons, reason, persons, read_slot_text(request.GET.get("debut", "")), from_day)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@authority_stream
def book(request: Any) -> HttpResponseBase:
    """The national service is asked about the numbers between two transactions, as online."""
    slug = request.authority.slug
    request.to_check = None
    response = _read(request, authority=slug)
    if request.to_check is None:
        return response
    place_id, numbers = request.to_check
    request.checked = check_numbers(numbers, place_id=place_id, booking_id=new_id())
    return _write(request, authority=slug)


book.gate = "reception.serve"  # type: ignore[attr-defined]


@desk_page("reception.serve")
def _read(request: Any) -> HttpResponse:
    here = door(request)
    choice = choice_of(request, here) if here else None
    if here is None or choice is None or not choice.reasons:
        return render(request, "appointments/reception/no_place.html")
    if choice.reason is None or choice.start is None:
        return _slots_page(request, here, choice)
    if request.method != "POST":
        return _form_page(request, here, choice, CallerForm(None, choice.reason, choice.persons))
    form = CallerForm(request.POST, choice.reason, choice.persons)
    if not form.is_valid():
        return _form_page(request, here, choice, form, status=422)
    numbers = [normalise(one.application_id) for one in form.people()]
    request.to_check = here.place.id, [one for one in numbers if is_application_id(one)]
    return HttpResponse(status=204)


@desk_page("reception.serve")
def _write(request: Any) -> HttpResponse:
    here = door(request)
    if here is None:
        return render(request, "appointments/reception/no_place.html")
    choice = choice_of(request, here)
    if choice.reason is None or choice.start is None:
        return _slots_page(request, here, choice)
    form = CallerForm(request.POST, choice.reason, choice.persons)
    form.is_valid()
    checked: dict[str, CheckedNumber] = request.checked
    doubled = _checked_or_shown(request, form, checked)
    if form.errors or doubled:
        return _form_page(request, here, choice, form, status=422 if form.errors else 200, doubled=doubled)
    typed = form.cleaned_data
    people = tuple(replace(one, application_state=_state(one.application_id, checked)) for one in form.people())
    asked = Caller(
        choice.reason, choice.start, typed["contact_name"], people, phone=typed["phone"], email=typed["email"],
        needs=typed["needs"], on_paper=bool(typed.get("on_paper")),
    )  # fmt: skip
    try:
        booking = book_for_somebody(asked, actor=request.actor.person_id)
    except Refusal as refusal:
        if refusal.code in {"slot_taken", "not_bookable"}:
            messages.warning(request, refusal.message)
            return _slots_page(request, here, choice, status=409)
        add_refusal(form, refusal)
        return _form_page(request, here, choice, form, status=422)
    told = (
        _("La confirmation part par courriel.")
        if booking.email
        else _("Sans adresse électronique\u202f: imprimez le papier.")
    )
    when = moment_words(booking.starts_at)
    messages.success(request, _("Rendez-vous pris le {when}. {told}").format(when=when, told=told))
    return HttpResponseRedirect(reverse("reception_booking", args=[request.authority.slug, booking.id]))


def _state(typed: str, checked: dict[str, CheckedNumber]) -> str:
    found = checked.get(normalise(typed))
    return found.state if found else ""


def _checked_or_shown(request: Any, form: CallerForm, checked: dict[str, CheckedNumber]) -> list[tuple[str, list[str]]]:
    """Refused numbers become errors. Those with another appointment are shown once: (number, where it is)."""
    words = {
        "unknown": _("Le service national ne connaît pas ce numéro. Faites-le relire, lettre par lettre."),
        "consumed": _("Ce numéro a déjà servi\u202f: il faut une nouvelle pré-demande."),
        "expired": _("Cette pré-demande a expiré\u202f: il en faut une nouvelle."),
    }
    told, found = set(request.POST.get("vu", "").split()), []
    for rank, one in enumerate(form.people(), start=1):
        known = checked.get(normalise(one.application_id))
        if known is None:
            continue
        if known.refused:
            form.add_error(f"application_id_{rank}", words[known.state])
        elif known.doubled and known.application_id not in told:
            found.append((known.application_id, _where(known)))
    return found


def _where(known: CheckedNumber) -> list[str]:
    ours = [f"{one.place}, {moment_words(one.at)}" for one in known.here]
    others = [
        f"{one.meeting_point}, {moment_words(one.at)}" if one.at else one.meeting_point for one in known.elsewhere
    ]
    return ours + others


def address(request: Any, choice: Choice, **changes: Any) -> str:
    fixed = {"lieu": request.GET.get("lieu", ""), "motif": str(choice.reason.id) if choice.reason else ""}
    kept = {**fixed, "personnes": str(choice.persons), **changes}
    words = {name: value for name, value in kept.items() if value}
    return f"{reverse('reception_book', args=[request.authority.slug])}?{urlencode(words)}"


def _slots_page(request: Any, here: Door, choice: Choice, status: int = 200) -> HttpResponse:
    days, later = slot_days(choice.reason.id, choice.persons, choice.from_day) if choice.reason else ([], None)
    following = choice.from_day + timedelta(days=SHOWN_DAYS)
    context = {
        "here": here,
        "choice": choice,
        "several": len({one.agenda_id for one in choice.reasons}) > 1,
        "days": [
            (label, [(address(request, choice, debut=value), words) for value, words in hours]) for label, hours in days
        ],
        "later_url": address(request, choice, du=later.isoformat()) if later else "",
        "next_url": address(request, choice, du=following.isoformat()) if days else "",
        "back_url": list_url(request),
    }
    return render(request, "appointments/reception/book_slots.html", context, status=status)


def _form_page(
    request: Any,
    here: Door,
    choice: Choice,
    form: CallerForm,
    *,
    status: int = 200,
    doubled: list[tuple[str, list[str]]] | None = None,
) -> HttpResponse:
    assert choice.start is not None
    context = {
        "here": here,
        "choice": choice,
        "form": form.for_page(),
        "when": moment_words(choice.start),
        "persons": persons_words(choice.persons),
        "doubled": doubled or [],
        "told": " ".join([*request.POST.get("vu", "").split(), *(number for number, _where in doubled or [])]),
        "action": address(request, choice, debut=slot_text(choice.start)),
        "slots_url": address(request, choice, du=day_of(choice.start).isoformat()),
    }
    return render(request, "appointments/reception/book_form.html", context, status=status)
