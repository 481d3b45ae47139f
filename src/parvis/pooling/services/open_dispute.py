from collections.abc import Sequence
from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import Dispute, PaperKind
from parvis.pooling.selectors.reach import group_in_reach, require_coordinator
from parvis.pooling.selectors.today import today
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.save_checked import save_checked


def open_dispute(
    group_id: UUID,
    *,
    subject: str,
    opponent: str,
    opened_on: date,
    account: str,
    files: Sequence[tuple[str, BinaryIO]] = (),
    actor_id: UUID,
) -> Dispute:
    """A dispute that the coordinator handles for the group, with its papers (name, bytes); members read it.

    Raises Http404, Refusal: not_coordinator, in_the_future, invalid, and those of attach_paper.
    """
    with transaction.atomic():
        group = group_in_reach(group_id)
        require_coordinator(group)
        if opened_on > today():
            raise Refusal("in_the_future", _("Ce jour est à venir. Vérifiez la date du litige."), "opened_on")
        made = Dispute(
            group=group, circle_id=group.id, subject=subject, opponent=opponent, opened_on=opened_on, account=account
        )
        save_checked(made)
        for name, stream in files:
            attach_paper(
                made.id, group.id, PaperKind.DISPUTE, "", stream, owner_id=group.authority_id, name=name,
                actor_id=actor_id,
            )  # fmt: skip
        data = {"group": str(group.id), "subject": subject, "opponent": opponent}
        audit.record("dispute.opened", subject=made.id, data=data, actor=actor_id)
    return made
