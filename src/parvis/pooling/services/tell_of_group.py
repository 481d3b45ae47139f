from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.pooling.models import JointProcurement
from parvis.pooling.services.tell_members import tell_members


def tell_of_group(
    member_id: UUID, group: JointProcurement, title: str, text: str, *, once: str, page: str = "group"
) -> int:
    """A mail to those in charge at one authority, ending with the address of a page of the group; how many it reached.

    `page`: the name of an address that takes the slug and the group.
    """
    address = f"{settings.PUBLIC_URL}{reverse(page, args=[authority(member_id).slug, group.id])}"
    body = _("{text}\n\nPour la suite\u202f: {address}").format(text=text, address=address)
    return tell_members([member_id], title, body, once=once, subject_id=group.id)
