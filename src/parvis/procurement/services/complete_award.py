from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.procurement.contracts import AwardView
from parvis.procurement.selectors.awards import award
from parvis.procurement.services.locking import locked_award
from parvis.procurement.services.write_award import said, write_award


def complete_award(
    award_id: UUID, *, signed_on: date | None = None, notified_on: date | None = None, actor_id: UUID
) -> AwardView:
    """The days of signature and notification, once each is known. A day already recorded stays as it is.

    Raises Http404 (none such in the authority in scope), Refusal: already_dated (another day than the one recorded),
    in_the_future, invalid (out of order).
    """
    with transaction.atomic():
        row = locked_award(award_id, "complete_award")
        before = (row.signed_on, row.notified_on)
        row.signed_on = _once(row.signed_on, signed_on, "signed_on")
        row.notified_on = _once(row.notified_on, notified_on, "notified_on")
        if (row.signed_on, row.notified_on) != before:
            write_award(row)
            audit.record("award.completed", subject=row.consultation_id or row.id, actor=actor_id, data=said(row))
    return award(award_id)


def _once(known: date | None, day: date | None, field: str) -> date | None:
    if known is not None and day is not None and day != known:
        message = _("Ce jour est déjà enregistré\u202f: %(day)s. Il ne change plus.")
        raise Refusal("already_dated", message % {"day": date_long(known)}, field)
    return known or day
