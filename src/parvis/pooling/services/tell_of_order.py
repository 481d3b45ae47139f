"""Mails about one order, each with the order's address in the house of whoever reads it."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authorities
from parvis.pooling.models import PurchaseOrder
from parvis.pooling.services.tell_members import tell_members


def tell_of_order(order: PurchaseOrder, member_ids: Iterable[UUID], title: str, text: str, *, once: str) -> None:
    """`once` is completed with the order: the same word about two orders leaves twice."""
    for house in authorities(set(member_ids)):
        address = settings.PUBLIC_URL + reverse("order", args=[house.slug, order.framework.group_id, order.id])
        full = f"{text}\n\n" + _("La commande est ici\u202f:\n{address}").format(address=address)
        tell_members([house.id], title, full, once=f"order:{order.id}:{once}", subject_id=order.id)
