"""Who offers which e-service, from when, until when. Public: no scope is needed."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from parvis.authorities.facade import authorities
from parvis.eservices.contracts import UseView
from parvis.eservices.models import EServiceUse


def uses(authority_ids: Iterable[UUID] | None = None, *, service_id: UUID | None = None) -> list[UseView]:
    """Past, present and to come, by first day. None: those of every authority, or of every e-service."""
    found = EServiceUse.objects.all()
    if authority_ids is not None:
        found = found.filter(authority_id__in=list(authority_ids))
    if service_id is not None:
        found = found.filter(service_id=service_id)
    return _views(found)


def use(use_id: UUID) -> UseView:
    """Raises Http404 for one that never was."""
    found = _views(EServiceUse.objects.filter(id=use_id))
    if not found:
        raise Http404(_("Cette utilisation d’un téléservice n’existe pas."))
    return found[0]


def count_on(day: date, authority_ids: Iterable[UUID] | None = None) -> dict[UUID, int]:
    """How many e-services each authority offers that day, own and joined; those that offer none are left out."""
    found = EServiceUse.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)
    if authority_ids is not None:
        found = found.filter(authority_id__in=list(authority_ids))
    return dict(found.order_by().values_list("authority_id").annotate(Count("id")))


def _views(found: QuerySet[EServiceUse]) -> list[UseView]:
    rows = list(found.select_related("service"))
    names = {one.id: one.name for one in authorities({row.authority_id for row in rows})}
    return [
        UseView(
            id=row.id, service_id=row.service_id, service_name=row.service.name, authority_id=row.authority_id,
            authority_name=names[row.authority_id], own=row.service.authority_id == row.authority_id,
            from_on=row.from_on, until_on=row.until_on, order_id=row.order_id,
        )
        for row in rows
    ]  # fmt: skip
