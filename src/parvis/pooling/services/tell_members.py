"""Mails of the room: one to each person in charge at each authority concerned, once."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.accounts.facade import people
from parvis.authorities.facade import Role, people_with
from parvis.notifications import facade as notifications
from parvis.notifications.facade import Attachment

IN_CHARGE = (Role.COORDINATOR, Role.REFERENT)


def tell_members(
    authority_ids: Iterable[UUID],
    title: str,
    text: str,
    *,
    once: str,
    subject_id: UUID,
    roles: Iterable[Role] = IN_CHARGE,
    attachments: tuple[Attachment, ...] = (),
) -> int:
    """Write to whoever holds one of the roles in these authorities today; how many were written to.

    `once`: the same again sends nothing more to the same person.
    """
    told: set[UUID] = set()
    for authority_id in authority_ids:
        hats = people_with(roles, authority_id)
        known = people([h.person_id for h in hats])
        for hat in hats:
            if hat.person_id in told:
                continue
            told.add(hat.person_id)
            person = known[hat.person_id]
            hello = _("Bonjour {name},").format(name=person.full_name)
            notifications.send(
                person.email, title, f"{hello}\n\n{text}",
                once_key=f"{once}:{hat.person_id}", authority_id=authority_id, subject_id=subject_id,
                attachments=attachments,
            )  # fmt: skip
    return len(told)
