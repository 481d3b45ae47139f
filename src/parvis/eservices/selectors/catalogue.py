"""The catalogue, as every page shows it. Public: no scope is needed."""

from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView, authorities
from parvis.eservices.contracts import EServiceView, Theme
from parvis.eservices.models import EService


def catalogue(*, on: date | None = None) -> list[EServiceView]:
    """Every e-service by name; with `on`, those in service that day."""
    found = EService.objects.all()
    if on is not None:
        found = found.filter(Q(offered_until__isnull=True) | Q(offered_until__gte=on), offered_from__lte=on)
    rows = list(found)
    houses = {one.id: one for one in authorities({row.authority_id for row in rows})}
    return [_view(row, houses[row.authority_id]) for row in rows]


def eservice(service_id: UUID) -> EServiceView:
    """Raises Http404 for one that is not in the catalogue."""
    row = EService.objects.filter(id=service_id).first()
    if row is None:
        raise Http404(_("Ce téléservice n’est pas au catalogue. La liste des téléservices vous aidera."))
    [house] = authorities([row.authority_id])
    return _view(row, house)


def _view(row: EService, house: AuthorityView) -> EServiceView:
    return EServiceView(
        id=row.id, authority_id=house.id, authority_slug=house.slug, authority_name=house.name, code=row.code,
        name=row.name, summary=row.summary, theme=cast(Theme, row.theme), theme_label=row.get_theme_display(),
        offered_from=row.offered_from, offered_until=row.offered_until,
    )  # fmt: skip
