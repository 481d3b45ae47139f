"""What an agent may open: the rows of their own authority, and no others. Each raises Http404."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from parvis.appointments.models import Agenda, HoursException, Place, Reason, Resource


def own_place(request: Any, place: UUID) -> Place:
    return get_object_or_404(Place, id=place, authority_id=request.authority.id)


def own_agenda(request: Any, agenda: UUID) -> Agenda:
    return get_object_or_404(Agenda.objects.select_related("place"), id=agenda, authority_id=request.authority.id)


def own_resource(agenda: Agenda, resource: UUID) -> Resource:
    return get_object_or_404(Resource.objects.select_related("agenda"), id=resource, agenda=agenda)


def own_reason(agenda: Agenda, reason: UUID) -> Reason:
    return get_object_or_404(Reason, id=reason, agenda=agenda)


def own_exception(request: Any, exception: UUID) -> HoursException:
    found = HoursException.objects.select_related("place", "resource")
    return get_object_or_404(found, id=exception, authority_id=request.authority.id)
