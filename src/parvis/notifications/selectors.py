from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.notifications.contracts import AttachedView, Attachment, MessageView
from parvis.notifications.models import Channel, DeliveryState, Message
from parvis.notifications.rules.numbers import shown_number

NEWEST = 200


def message_view(message: Message) -> MessageView:
    by_sms = message.channel == Channel.SMS
    state_label = str(DeliveryState(message.state).label)
    return MessageView(
        id=message.id,
        channel=message.channel,
        channel_label=str(Channel(message.channel).label),
        to=message.to,
        to_label=shown_number(message.to) if by_sms else message.to,
        title=message.title,
        text=message.text,
        attached=tuple(AttachedView(one["name"], one["media_type"], one["size"]) for one in message.attached),
        state=message.state,
        state_label=_("Remis à l’opérateur de SMS") if by_sms and message.state == DeliveryState.SENT else state_label,
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
    found = Message.objects.defer("html", "attached_contents").order_by("-created_at", "-id")
    if subject_id is not None:
        found = found.filter(subject_id=subject_id)
    if authority_id is not None:
        found = found.filter(authority_id=authority_id)
    if state:
        found = found.filter(state=state)
    return [message_view(message) for message in found[:limit]]


def message(message_id: UUID) -> MessageView | None:
    found = Message.objects.defer("html", "attached_contents").filter(id=message_id).first()
    return message_view(found) if found else None


def attachments_of(message: Message) -> list[Attachment]:
    """Empty once the files were handed over and forgotten."""
    named = zip(message.attached, message.attached_contents, strict=False)
    return [Attachment(one["name"], one["media_type"], bytes(content)) for one, content in named]


def attachment(message_id: UUID, place: int) -> Attachment | None:
    """One file of a message, from 0; None when there is none, or none any more."""
    found = Message.objects.filter(id=message_id).first()
    kept = attachments_of(found) if found else []
    return kept[place] if 0 <= place < len(kept) else None


def sms_offered() -> bool:
    """Whether pages may offer an SMS: a provider is set, or the mailbox of the demo stands in."""
    return bool(settings.SMS_URL) or settings.LOCAL
