from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.facade import (
    create_person,
    has_verified_address,
    lock_password,
    people,
    person_by_email,
    send_letter,
    set_password_link,
)
from parvis.authorities.contracts import AuthorityView
from parvis.authorities.rules import Role
from parvis.authorities.services.grant_role import grant_role
from parvis.kit.errors import Refusal


def invite_agent(
    granter_id: UUID | None,
    authority: AuthorityView,
    email: str,
    full_name: str,
    role: Role,
    *,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> UUID:
    """Give a role to whoever has this e-mail, with an account made for them if they have none, and write to them.

    An account that never proved its address may have been opened by another: its password is taken away, and the letter
    lets the mailbox's owner choose one. Returns the person's id. Raises Refusal.
    """
    with transaction.atomic():
        known = person_by_email(email)
        if known is None and not full_name.strip():
            raise Refusal(
                "name_missing",
                _("Cette adresse n’a pas encore de compte\u202f: donnez le prénom et le nom."),
                "full_name",
            )
        person_id = known.id if known else create_person(email, full_name)
        proved = has_verified_address(person_id)
        if not proved:
            lock_password(person_id)
        grant_role(granter_id, authority.id, person_id, role, valid_from=valid_from, valid_until=valid_until)
        person = people([person_id])[person_id]
        send_letter(
            "authorities/mail/agent_invitation",
            [person.email],
            _("Vous avez un rôle pour %(authority)s") % {"authority": authority.name},
            authority_name=authority.name,
            help_name=authority.desk_name,
            help_hours=authority.desk_hours,
            help_contact=authority.desk_contact,
            role_label=role.label,
            link="" if proved else set_password_link(person_id),
        )
    return person_id
