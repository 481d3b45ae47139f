from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.kit import outbox
from parvis.notifications.contracts import Attachment
from parvis.notifications.models import Channel, Message
from parvis.notifications.rules.attached import check_attached


def send_message(
    to: str,
    title: str,
    text: str,
    *,
    html: str = "",
    once_key: str,
    authority_id: UUID | None = None,
    subject_id: UUID | None = None,
    attachments: tuple[Attachment, ...] = (),
    not_after: datetime | None = None,
) -> None:
    """Write an e-mail in the caller's transaction; it leaves after the commit. The same `once_key` again sends nothing
    more. A server that is away is tried for four days, but never after `not_after`: a reminder too late is worse than
    none. Raises ValueError above 200 kB of attachments (rules/attached.py).
    """
    check_attached(attachments)
    write_message(
        Channel.EMAIL,
        once_key,
        to=to,
        title=" ".join(title.split())[:300],
        text=text,
        html=html,
        authority_id=authority_id,
        subject_id=subject_id,
        attached=[{"name": a.name, "media_type": a.media_type, "size": len(a.content)} for a in attachments],
        attached_contents=[a.content for a in attachments],
        not_after=not_after,
    )


def write_message(channel: Channel, once_key: str, **values: object) -> None:
    """One row and one job, unless this key has them on this channel."""
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(channel=channel, once_key=once_key[:200], defaults=values)
        if is_new:
            enqueue_delivery(message.id)


def enqueue_delivery(message_id: UUID) -> None:
    """Jobs of one message run one after the other, so that no two of them send it."""
    outbox.enqueue("notifications.deliver", lock=f"message:{message_id}", message=str(message_id))
