"""The door of the notifications room: e-mails that leave once, and what became of them."""

from parvis.notifications.contracts import MessageView
from parvis.notifications.selectors import message, messages
from parvis.notifications.services.send_message import send_message as send

__all__ = ["MessageView", "message", "messages", "send"]
