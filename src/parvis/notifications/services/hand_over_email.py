"""One e-mail to the mail server."""

import smtplib
from email.encoders import encode_base64
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend as Smtp

from parvis.kit.errors import Permanent, RetryLater
from parvis.notifications.contracts import Attachment
from parvis.notifications.models import Message
from parvis.notifications.selectors import attachments_of


def hand_over_email(message: Message) -> None:
    """Raises RetryLater, Permanent."""
    # The same Message-ID at each attempt: a mailbox that got it twice shows it once.
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "parvis"
    headers = {"Message-ID": f"<{message.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(
        message.title, message.text, settings.DEFAULT_FROM_EMAIL, [message.to], headers=headers
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for one in attachments_of(message):
        mail.attach(_part(one))
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


def _part(attachment: Attachment) -> MIMEBase:
    """In base64 whatever the type: a calendar's line ends must arrive as they are (RFC 5545, 3.1)."""
    reader = EmailMessage()
    reader["Content-Type"] = attachment.media_type
    kind = reader["Content-Type"]
    part = MIMEBase(kind.maintype, kind.subtype, **kind.params)
    part.set_payload(attachment.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=attachment.name)
    return part


def _failure(code: int, words: bytes | str) -> Exception:
    return (Permanent if 500 <= code < 600 else RetryLater)(_words(code, words))


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
