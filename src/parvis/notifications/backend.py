"""Django's door for e-mails, so that those of allauth wait in the same outbox and appear in the same log."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from parvis.kit.ids import new_id
from parvis.notifications.services.send_message import send_message


class OutboxBackend(BaseEmailBackend):
    """Writes a message for each address. Raises ValueError for attachments: they go by facade.send."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            if mail.attachments:
                raise ValueError("attachments go by notifications.facade.send")
            html = next((str(body) for body, kind in getattr(mail, "alternatives", ()) if kind == "text/html"), "")
            for address in mail.recipients():
                send_message(address, str(mail.subject), str(mail.body), html=html, once_key=f"django:{new_id()}")
        return len(email_messages)
