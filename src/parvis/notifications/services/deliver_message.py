"""Hand one e-mail or SMS over, and keep what was answered. Nothing is sent inside a transaction."""

from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from parvis.kit import clock
from parvis.kit.errors import Permanent, RetryLater
from parvis.notifications.models import Channel, DeliveryState, Message
from parvis.notifications.services.hand_over_email import hand_over_email
from parvis.notifications.services.hand_over_sms import hand_over_sms

# With the pauses of tasks.py, four days.
MAX_ATTEMPTS = 40


def deliver_message(message_id: UUID) -> None:
    """Send a waiting message. Raises RetryLater until MAX_ATTEMPTS; a permanent refusal is kept and ends there, and so
    does a message whose `not_after` is past.
    """
    message = Message.objects.filter(id=message_id, state=DeliveryState.WAITING).first()
    if message is None:
        return
    if message.not_after is not None and message.not_after < clock.now():
        said = _("Trop tard\u202f: l’heure limite d’envoi est passée.")
        _note(message, f"{said} {message.last_error}".strip(), state=DeliveryState.FAILED)
        return
    try:
        _hand_over(message)
    except RetryLater as error:
        if message.attempts + 1 < MAX_ATTEMPTS:
            _note(message, str(error))
            raise
        _note(message, str(error), state=DeliveryState.FAILED)
    except Permanent as error:
        _note(message, str(error), state=DeliveryState.FAILED)
    else:
        _note(message, "", state=DeliveryState.SENT, sent_at=clock.now(), **_forgotten(message))


def _hand_over(message: Message) -> None:
    """Raises RetryLater, Permanent."""
    if message.channel == Channel.SMS:
        hand_over_sms(message)
    elif not _stays_here(message):
        hand_over_email(message)


def _stays_here(message: Message) -> bool:
    """In demo and test with no server for its channel, the mailbox page is where a message arrives."""
    server = settings.SMS_URL if message.channel == Channel.SMS else settings.MAIL_URL
    return bool(settings.LOCAL and not server)


def _forgotten(message: Message) -> dict[str, object]:
    """A letter about an account may hold a link that opens it: once handed over, its words are not kept. Files are
    kept for no letter: who wrote them can make them again.
    """
    if _stays_here(message):
        return {}
    files: dict[str, object] = {"attached_contents": []}
    return files if message.authority_id is not None else {**files, "text": "", "html": ""}


def _note(message: Message, error: str, **changes: object) -> None:
    Message.objects.filter(id=message.id).update(attempts=F("attempts") + 1, last_error=error[:300], **changes)
