from django.utils.translation import gettext as _

from parvis.accounts.facade import people, send_letter
from parvis.authorities.contracts import AuthorityView
from parvis.authorities.rules import Role
from parvis.authorities.selectors import people_with


def tell_administrators(authority: AuthorityView, email: str, role: Role) -> None:
    """The operator gave a role here: those who run the house learn it, so that nobody comes in unseen."""
    holders = people([hat.person_id for hat in people_with([Role.ADMINISTRATOR], authority.id)]).values()
    send_letter(
        "authorities/mail/operator_granted",
        sorted(person.email for person in holders if person.email != email.lower()),
        _("L’exploitant a donné un rôle pour %(authority)s") % {"authority": authority.name},
        authority_name=authority.name,
        help_name=authority.desk_name,
        help_hours=authority.desk_hours,
        help_contact=authority.desk_contact,
        agent=email,
        role_label=role.label,
        authority_slug=authority.slug,
    )
