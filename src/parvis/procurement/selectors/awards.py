"""Awards, as every page reads them: they are public, but the list is that of the authority in scope."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.procurement.contracts import AwardView
from parvis.procurement.models import Award


def awards() -> list[AwardView]:
    """Those of the authority in scope, the newest decision first; trials left out."""
    found = Award.objects.filter(authority_id=scope.current_authority()).exclude(consultation__is_test=True)
    return [_view(row) for row in found]


def award(award_id: UUID) -> AwardView:
    """Any authority's: no scope is needed. Raises Http404."""
    row = Award.objects.filter(id=award_id).first()
    if row is None:
        raise Http404(_("Cette attribution n’existe pas."))
    return _view(row)


def awards_of(consultation_id: UUID) -> list[AwardView]:
    """In the order of the lots; empty before the first award. No scope is needed."""
    return [_view(row) for row in Award.objects.filter(consultation_id=consultation_id).order_by("lot")]


def award_of(consultation_id: UUID, lot: int | None = None) -> AwardView | None:
    """That of the whole contract, or of one lot by its number; None before it. No scope is needed."""
    return next((one for one in awards_of(consultation_id) if one.lot == lot), None)


def _view(row: Award) -> AwardView:
    return AwardView(
        id=row.id, authority_id=row.authority_id, consultation_id=row.consultation_id, lot=row.lot,
        reference=row.reference, title=row.title, contractor_name=row.contractor_name,
        contractor_siret=row.contractor_siret, decided_on=row.decided_on, signed_on=row.signed_on,
        notified_on=row.notified_on, duration_months=row.duration_months, amount_cents=row.amount_cents,
        framework_min_cents=row.framework_min_cents, framework_max_cents=row.framework_max_cents,
    )  # fmt: skip
