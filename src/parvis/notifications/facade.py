"""The door of the notifications room: e-mails and SMS that leave once, and what became of them."""

from parvis.notifications.contracts import AttachedView, Attachment, MessageView
from parvis.notifications.rules.numbers import shown_number
from parvis.notifications.rules.sms import segments, sms_text
from parvis.notifications.selectors import attachment, message, messages, sms_offered
from parvis.notifications.services.forget_messages import forget_messages as forget
from parvis.notifications.services.read_mobile import read_mobile
from parvis.notifications.services.send_message import send_message as send
from parvis.notifications.services.send_sms import send_sms

__all__ = [
    "AttachedView",
    "Attachment",
    "MessageView",
    "attachment",
    "forget",
    "message",
    "messages",
    "read_mobile",
    "segments",
    "send",
    "send_sms",
    "shown_number",
    "sms_offered",
    "sms_text",
]
