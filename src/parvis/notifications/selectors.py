from uuid import UUID

from parvis.notifications.contracts import MessageView
from parvis.notifications.models import DeliveryState, Message

NEWEST = 200


def message_view(message: Message) -> MessageView:
    return MessageView(
        id=message.id,
        to=message.to,
        title=message.title,
        text=message.text,
        state=message.state,
        state_label=str(DeliveryState(message.state).label),
        attempts=message.attempts,
        last_error=message.last_error,
        created_at=message.created_at,
        sent_at=message.sent_at,
        subject_id=message.subject_id,
    )


def messages(
    *, subject_id: UUID | None = None, authority_id: UUID | None = None, state: str = "", limit: int = NEWEST
) -> list[MessageView]:
    """Newest first, at most `limit`. A desk gives its own `authority_id`; the mailbox of the demo gives nothing and
    sees all.
    """
    found = Message.objects.order_by("-created_at", "-id")
    if subject_id is not None:
        found = found.filter(subject_id=subject_id)
    if authority_id is not None:
        found = found.filter(authority_id=authority_id)
    if state:
        found = found.filter(state=state)
    return [message_view(message) for message in found[:limit]]


def message(message_id: UUID) -> MessageView | None:
    found = Message.objects.filter(id=message_id).first()
    return message_view(found) if found else None
