"""The way from nothing to an agenda open to bookings: five steps, the next one being what is still missing."""

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.appointments.models import Agenda, Place, Resource, WeeklyHours
from parvis.appointments.selectors.agendas import missing
from parvis.authorities.facade import AuthorityView

Crumbs = list[tuple[str, str]]
Steps = list[tuple[str, str | None]]


def crumbs(house: AuthorityView, *more: tuple[str, str], agenda: Agenda | None = None) -> Crumbs:
    """From the list of agendas down to the page; each with its address, the last one's is not followed."""
    found = [(_("Lieux et agendas"), reverse("agendas", args=[house.slug]))]
    if agenda is not None:
        found.append((agenda.name, reverse("agenda", args=[house.slug, agenda.id])))
    return [*found, *more]


def guide(house: AuthorityView, place: Place | None, agenda: Agenda | None) -> Steps:
    """The five steps; those that are behind have an address. Empty once people may book."""
    if agenda is not None and not missing(agenda):
        return []
    slug = house.slug
    return [
        (_("Le lieu"), reverse("agenda_place", args=[slug, place.id]) if place else None),
        (_("L’agenda"), reverse("agenda_settings", args=[slug, agenda.id]) if agenda else None),
        (_("Les guichets"), reverse("agenda_new_resource", args=[slug, agenda.id]) if agenda else None),
        (_("Les motifs"), reverse("agenda_reasons", args=[slug, agenda.id]) if agenda else None),
        (_("Les horaires"), None),
    ]


def next_step(house: AuthorityView, agenda: Agenda) -> str:
    """Where to go now: what is missing first, else the agenda's own page."""
    lacks = missing(agenda)
    if "resources" in lacks:
        return reverse("agenda_new_resource", args=[house.slug, agenda.id])
    if "reasons" in lacks:
        return reverse("agenda_reasons", args=[house.slug, agenda.id])
    if "hours" in lacks:
        return hours_url(house, first_desk(agenda))
    return reverse("agenda", args=[house.slug, agenda.id])


def first_desk(agenda: Agenda) -> Resource:
    """The first one in service without hours, else the first one. Raises DoesNotExist where there is none."""
    desks = list(Resource.objects.filter(agenda=agenda, active=True))
    if not desks:
        raise Resource.DoesNotExist
    bare = [one for one in desks if not WeeklyHours.objects.filter(resource=one).exists()]
    return (bare or desks)[0]


def hours_url(house: AuthorityView, resource: Resource) -> str:
    return reverse("agenda_hours", args=[house.slug, resource.agenda_id, resource.id])
