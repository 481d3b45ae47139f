"""The gestures of the desk: one button, one verb. Each goes back to the list, and says what was done."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parvis.appointments.models import Booking, BookingState, Resource
from parvis.appointments.services.call_next import call_next
from parvis.appointments.services.finish_visit import finish_visit
from parvis.appointments.services.record_arrival import record_arrival
from parvis.appointments.services.record_no_show import record_no_show
from parvis.appointments.services.undo_arrival import undo_arrival
from parvis.appointments.web.reception.house import (
    Door,
    booking_of_house,
    done,
    door,
    inside,
    list_url,
    remember_desk,
    uuid_of,
)
from parvis.appointments.web.reception.words import people_words
from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal

# The service of each gesture -> its word in the address.
VERBS = {
    "record_arrival": "arrivee", "call_next": "appel", "finish_visit": "recu", "record_no_show": "absent",
    "undo_arrival": "defaire",
}  # fmt: skip


@require_POST
@desk_page("reception.serve")
def verb(request: Any, booking: UUID, word: str) -> HttpResponse:
    """`word` is one of those of VERBS."""
    found = booking_of_house(request, booking)
    if word not in VERBS.values():
        raise Http404(_("Ce geste n’existe pas."))
    back = list_url(request)
    if request.POST.get("fiche"):
        back = reverse("reception_booking", args=[request.authority.slug, found.id])
    return done(request, back, lambda: _do(request, found, word))


def _do(request: Any, booking: Booking, word: str) -> str:
    actor, who = request.actor.person_id, people_words(booking)
    if word == "arrivee":
        ticket = record_arrival(booking, actor=actor).ticket
        return _("Arrivée notée\u202f: {who}. Ticket {ticket}.").format(who=who, ticket=ticket)
    if word == "appel":
        desk = _desk_here(request, booking)
        call_next(desk, actor=actor, booking=booking)
        return _("Ticket {ticket} appelé\u202f: {desk}.").format(ticket=booking.ticket, desk=desk.name)
    if word == "recu":
        finish_visit(booking, actor=actor)
        return _("Noté comme reçu\u202f: {who}.").format(who=who)
    if word == "absent":
        record_no_show(booking, actor=actor)
        return _("Noté comme absent\u202f: {who}.").format(who=who)
    after = undo_arrival(booking, actor=actor)
    label = BookingState(after.state).label
    return _("Geste annulé\u202f: {who}. À nouveau «\u202f{state}\u202f».").format(who=who, state=label)


def _desk_here(request: Any, booking: Booking) -> Resource:
    """The agent's desk, or the only one of the agenda. Raises Refusal no_desk."""
    here = inside(request, [], booking.place)
    if here.mine is not None:
        return here.mine
    own = [one for one in here.desks if one.agenda_id == booking.agenda_id]
    if len(own) == 1:
        return own[0]
    raise Refusal("no_desk", _("Choisissez d’abord votre guichet, en haut de la liste\u202f: l’écran l’affiche."))


def _here(request: Any) -> Door:
    here = door(request)
    if here is None:
        raise Http404(_("Cette collectivité n’a pas de lieu d’accueil."))
    return here


@require_POST
@desk_page("reception.serve")
def next_one(request: Any) -> HttpResponse:
    """Who is at my desk is finished where asked, then the next one is called, both or neither."""
    here = _here(request)
    return done(request, list_url(request), lambda: _next(request, here))


def _next(request: Any, here: Door) -> str:
    if here.mine is None:
        raise Refusal("no_desk", _("Choisissez d’abord votre guichet\u202f: l’écran de la salle l’affiche."))
    actor = request.actor.person_id
    with transaction.atomic():
        finished = [booking_of_house(request, one) for one in map(uuid_of, request.POST.getlist("recu")) if one]
        for booking in finished:
            finish_visit(booking, actor=actor)
        called = call_next(here.mine, actor=actor)
    if called is None:
        return _("Personne d’autre n’attend pour «\u202f{agenda}\u202f».").format(agenda=here.mine.agenda.name)
    return _("Ticket {ticket} appelé\u202f: {who}, {desk}.").format(
        ticket=called.ticket, who=people_words(called), desk=here.mine.name
    )


@require_POST
@desk_page("reception.serve")
def choose_desk(request: Any) -> HttpResponse:
    here = _here(request)
    asked = uuid_of(request.POST.get("mon_guichet", ""))
    chosen = next((one for one in here.desks if one.id == asked), None)
    remember_desk(request, here.place, chosen)
    if chosen is not None:
        message = _("Vous recevez au {desk}. Ce choix est gardé jusqu’à la fin de votre session.")
        messages.success(request, message.format(desk=chosen.name))
    return HttpResponseRedirect(list_url(request))


@require_POST
@desk_page("reception.serve")
def all_absent(request: Any) -> HttpResponse:
    """Exactly those that the page showed: who arrived meanwhile is left alone."""
    actor, noted, left = request.actor.person_id, 0, 0
    for one in map(uuid_of, request.POST.getlist("absent")[:500]):
        found = Booking.objects.filter(id=one).first() if one else None
        if found is None:
            continue
        try:
            record_no_show(found, actor=actor)
        except Refusal:
            left += 1
        else:
            noted += 1
    words = ngettext("{count} personne notée comme absente.", "{count} personnes notées comme absentes.", noted)
    messages.success(request, words.format(count=noted))
    if left:
        words = ngettext(
            "{count} rendez-vous a changé entre-temps\u202f: il est resté tel quel.",
            "{count} rendez-vous ont changé entre-temps\u202f: ils sont restés tels quels.",
            left,
        )
        messages.warning(request, words.format(count=left))
    return HttpResponseRedirect(list_url(request))
