"""Hand one e-mail to the mail server, and keep what it answered. Nothing is sent inside a transaction."""

import smtplib
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.db.models import F

from parvis.kit import clock
from parvis.kit.errors import Permanent, RetryLater
from parvis.notifications.models import DeliveryState, Message

# With the pauses of tasks.py, four days.
MAX_ATTEMPTS = 40


def deliver_message(message_id: UUID) -> None:
    """Send a waiting message. Raises RetryLater until MAX_ATTEMPTS; a permanent refusal is kept and ends there."""
    message = Message.objects.filter(id=message_id, state=DeliveryState.WAITING).first()
    if message is None:
        return
    try:
        # In demo and test with no mail server, the mailbox page is where messages arrive.
        if settings.MAIL_URL or not settings.LOCAL:
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


def _forgotten(message: Message) -> dict[str, object]:
    """A letter about an account may hold a link that opens it: once handed over, its words are not kept."""
    if message.authority_id is not None or (settings.LOCAL and not settings.MAIL_URL):
        return {}
    return {"text": "", "html": ""}


def _note(message: Message, error: str, **changes: object) -> None:
    Message.objects.filter(id=message.id).update(attempts=F("attempts") + 1, last_error=error[:300], **changes)


def _hand_over(message: Message) -> None:
    """Raises RetryLater, Permanent."""
    # The same Message-ID at each attempt: a mailbox that got it twice shows it once.
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "parvis"
    headers = {"Message-ID": f"<{message.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(
        message.title, message.text, settings.DEFAULT_FROM_EMAIL, [message.to], headers=headers
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    try:
        Smtp(fail_silently=False).send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()), (450, b""))
        raise _failure(code, words) from error
    except smtplib.SMTPAuthenticationError as error:
        # Our own settings are wrong: the operator will put them right, the message must not be lost meanwhile.
        raise RetryLater(_words(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise RetryLater(f"{type(error).__name__}: {error}") from error
    except (ValueError, UnicodeError) as error:
        raise Permanent(f"{type(error).__name__}: {error}") from error


def _failure(code: int, words: bytes | str) -> Exception:
    return (Permanent if 500 <= code < 600 else RetryLater)(_words(code, words))


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
