from uuid import UUID

from django.db import transaction

from parvis.kit import outbox
from parvis.notifications.models import Message


def send_message(
    to: str,
    title: str,
    text: str,
    *,
    html: str = "",
    once_key: str,
    authority_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> None:
    """Write an e-mail in the caller's transaction; it leaves after the commit. The same `once_key` again sends nothing
    more.
    """
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(
            once_key=once_key[:200],
            defaults={
                "to": to,
                "title": " ".join(title.split())[:300],
                "text": text,
                "html": html,
                "authority_id": authority_id,
                "subject_id": subject_id,
            },
        )
        if is_new:
            enqueue_delivery(message.id)


def enqueue_delivery(message_id: UUID) -> None:
    """Jobs of one message run one after the other, so that no two of them send it."""
    outbox.enqueue("notifications.deliver", lock=f"message:{message_id}", message=str(message_id))
