"""One appointment at the desk: its file, moving it, cancelling it, its paper, and those to be called back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts.facade import people
from parvis.appointments.models import Booking, BookingState, DeclarationState, Resource
from parvis.appointments.rules.paris import day_of, read_slot_text
from parvis.appointments.selectors import today as selector
from parvis.appointments.selectors.checklist import checklist
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.states import BOOKING, after
from parvis.appointments.web.reception.forms import NoteForm, WhyForm
from parvis.appointments.web.reception.house import booking_of_house, day_asked, list_url, places_of
from parvis.appointments.web.reception.slots import SHOWN_DAYS, slot_days
from parvis.appointments.web.reception.today import next_verb, shown, verb_label
from parvis.appointments.web.reception.visits import VERBS
from parvis.appointments.web.reception.words import (
    people_words,
    source_words,
)
from parvis.appointments.words import moment_words, persons_words
from parvis.audit import facade as audit
from parvis.audit.facade import FactView
from parvis.authorities.facade import desk_page
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.notifications import facade as notifications


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page("reception.serve")
def booking_file(request: Any, booking: UUID) -> HttpResponse:
    found = booking_of_house(request, booking)
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"desk_note": found.desk_note})
    if request.method == "POST" and form.is_valid():
        found.desk_note = form.cleaned_data["desk_note"]
        found.save(update_fields=["desk_note"])
        messages.success(request, _("La note est enregistrée."))
        return HttpResponseRedirect(request.path)
    row, where = selector.one_row(found), [request.authority.slug, found.id]
    today = day_of(found.starts_at) == day_of(clock.now())
    usual = next_verb(row) if today else ""
    allowed = [
        word
        for name, word in VERBS.items()
        if after(BOOKING, found.state, name) and (today or word in {"absent", "defaire"})
    ]
    if found.starts_at > clock.now():
        allowed = [word for word in allowed if word != "absent"]
    context = {
        **shown(request, row, today),
        "form": form,
        "booking": found,
        "when": moment_words(found.starts_at),
        "persons": persons_words(found.persons),
        "source": source_words(found.source),
        "phone": notifications.shown_number(found.phone) if found.phone else "",
        "verbs": [
            (_file_label(word, row), reverse("reception_verb", args=[*where, word]), word == usual) for word in allowed
        ],
        "may_move": after(BOOKING, found.state, "move_booking") is not None,
        "may_cancel": after(BOOKING, found.state, "cancel_booking") is not None and found.ends_at > clock.now(),
        "timeline": _timeline(found),
        "declared": [
            (one.application_id, DeclarationState(one.state).label, one.state == DeclarationState.FAILED)
            for one in found.declarations.all()
        ],
        "back_url": _day_url(request, found),
    }
    return render(request, "appointments/reception/booking.html", context, status=422 if form.errors else 200)


def _file_label(word: str, row: selector.Row) -> str:
    state = row.booking.state
    if word == "defaire" and state == BookingState.CALLED:
        return _("Annuler l’appel")
    if word == "defaire" and state == BookingState.ARRIVED:
        return _("Parti sans être reçu") if row.walk_in else _("Annuler l’arrivée")
    if word == "appel" and state == BookingState.CALLED:
        return _("Appeler encore")
    return verb_label(word, row)


def _day_url(request: Any, booking: Booking) -> str:
    day = day_of(booking.starts_at)
    where = reverse("reception", args=[request.authority.slug])
    kept = "" if day == day_of(clock.now()) else f"&date={day.isoformat()}"
    return f"{where}?lieu={booking.place_id}{kept}"


def _timeline(booking: Booking) -> list[Mapping[str, Any]]:
    found = audit.facts([booking.id])
    names = people({one.actor_id for one in found if one.actor_id})
    desks = dict(Resource.objects.filter(agenda__place_id=booking.place_id).values_list("id", "name"))
    named = {str(key): name for key, name in desks.items()}
    return [
        {
            "at": one.at,
            "what": _fact_words(one, named),
            "who": names[one.actor_id].full_name if one.actor_id in names else "",
        }
        for one in found
    ]


def _fact_words(fact: FactView, desks: Mapping[str, str]) -> str:
    kind = fact.kind.removeprefix("appointment.")
    ticket = str(fact.data.get("ticket", ""))
    if kind == "called":
        desk = desks.get(str(fact.data.get("desk", "")), "")
        return _("Ticket {ticket} appelé, {desk}").format(ticket=ticket, desk=desk)
    words = {
        "booked": _("Rendez-vous pris"), "moved": _("Rendez-vous déplacé"), "cancelled": _("Rendez-vous annulé"),
        "displaced": _("Horaire fermé\u202f: à replacer"),
        "arrived": _("Arrivé, ticket {ticket}").format(ticket=ticket),
        "served": _("Reçu"), "no_show": _("Noté absent"), "undone": _("Dernier geste annulé"),
        "walk_in": _("Venu sans rendez-vous, ticket {ticket}").format(ticket=ticket),
    }  # fmt: skip
    return words.get(kind, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page("reception.serve")
def move(request: Any, booking: UUID) -> HttpResponse:
    """Another hour, told to the person with the reason; also how somebody displaced gets a new one."""
    found = booking_of_house(request, booking)
    here = reverse("reception_booking", args=[request.authority.slug, found.id])
    if after(BOOKING, found.state, "move_booking") is None:
        messages.warning(request, _("Ce rendez-vous ne se déplace plus\u202f: il a eu lieu, ou il est annulé."))
        return HttpResponseRedirect(here)
    start = read_slot_text(request.GET.get("debut", ""))
    if start is None:
        return _move_slots(request, found)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if found.state == BookingState.DISPLACED:
        form.fields["why"].required = False
    if request.method == "POST" and form.is_valid():
        try:
            move_booking(found, start, actor=request.actor.person_id, by_desk=True, why=form.cleaned_data["why"])
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            return HttpResponseRedirect(request.path)
        told = (
            _("La personne est prévenue par courriel.")
            if found.email
            else _("Prévenez la personne, ou imprimez le papier.")
        )
        when = moment_words(start)
        messages.success(request, _("Nouveau rendez-vous\u202f: {when}. {told}").format(when=when, told=told))
        return HttpResponseRedirect(here)
    context = {**_short(found), "form": form, "new": moment_words(start), "action": request.get_full_path(),
               "slots_url": request.path, "file_url": here}  # fmt: skip
    return render(request, "appointments/reception/move.html", context, status=422 if form.errors else 200)


def _move_slots(request: Any, booking: Booking) -> HttpResponse:
    from_day = max(day_of(clock.now()), day_asked(request))
    days, later = slot_days(booking.reason_id, booking.persons, from_day, but=booking.starts_at)
    context = {
        **_short(booking),
        "days": [
            (label, [(f"{request.path}?debut={value}", words) for value, words in hours]) for label, hours in days
        ],
        "later_url": f"{request.path}?date={later.isoformat()}" if later else "",
        "next_url": f"{request.path}?date={(from_day + timedelta(days=SHOWN_DAYS)).isoformat()}" if days else "",
        "file_url": reverse("reception_booking", args=[request.authority.slug, booking.id]),
    }
    return render(request, "appointments/reception/move_slots.html", context)


def _short(booking: Booking) -> dict[str, Any]:
    return {
        "booking": booking,
        "who": people_words(booking),
        "when": moment_words(booking.starts_at),
        "displaced": booking.state == BookingState.DISPLACED,
        "phone": notifications.shown_number(booking.phone) if booking.phone else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page("reception.serve")
def cancel(request: Any, booking: UUID) -> HttpResponse:
    found = booking_of_house(request, booking)
    here = reverse("reception_booking", args=[request.authority.slug, found.id])
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_booking(found, actor=request.actor.person_id, why=form.cleaned_data["why"])
        except Refusal as refusal:
            messages.warning(request, refusal.message)
        else:
            told = (
                _("La personne est prévenue par courriel.")
                if found.email
                else _("Prévenez la personne\u202f: elle n’a pas d’adresse électronique.")
            )
            messages.success(request, _("Rendez-vous annulé. {told}").format(told=told))
        return HttpResponseRedirect(here)
    context = {**_short(found), "form": form, "file_url": here}
    return render(request, "appointments/reception/cancel.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@desk_page("reception.serve")
def slip(request: Any, booking: UUID) -> HttpResponse:
    """The paper that a person takes home."""
    found = booking_of_house(request, booking)
    find = reverse("find_booking", args=[request.authority.slug])
    context = {**_short(found), "persons": persons_words(found.persons), "place": found.place,
               "items": checklist(found), "find_url": f"{settings.PUBLIC_URL}{find}",
               "ticket": found.ticket if found.state in selector.PRESENT else "",
               "numbers": [one.application_id for one in found.people.all() if one.application_id],
               "file_url": reverse("reception_booking", args=[request.authority.slug, found.id])}  # fmt: skip
    return render(request, "appointments/reception/slip.html", context)


@require_safe
@never_cache
@desk_page("reception.serve")
def to_call_back(request: Any) -> HttpResponse:
    """Those whose hour was closed, in every place of the authority."""
    found = selector.displaced(one.id for one in places_of(request.authority.id))
    context = {
        "rows": [
            {**_short(one), "move_url": reverse("reception_move", args=[request.authority.slug, one.id]),
             "url": reverse("reception_booking", args=[request.authority.slug, one.id])}
            for one in found
        ],
        "back_url": list_url(request),
    }  # fmt: skip
    return render(request, "appointments/reception/displaced.html", context)
