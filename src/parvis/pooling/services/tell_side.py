from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.pooling.models import SharingAgreement
from parvis.pooling.services.tell_members import tell_members


def tell_side(agreement: SharingAgreement, to: UUID, title: str, text: str, *, once: str) -> int:
    """Write to who is in charge at one of the two sides, with the address of the agreement as that side sees it."""
    page = settings.PUBLIC_URL + reverse("agreement", args=[authority(to).slug, agreement.id])
    link = _("La convention, ses dates et ses pièces\u202f: {page}").format(page=page)
    return tell_members([to], title, f"{text}\n\n{link}", once=once, subject_id=agreement.id)
