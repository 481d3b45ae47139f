from parvis.kit.errors import Permanent
from parvis.notifications.models import Message
from parvis.notifications.sms.registry import carrier


def hand_over_sms(message: Message) -> None:
    """Raises RetryLater, Permanent."""
    found = carrier()
    if found is None:
        raise Permanent("no SMS provider: PARVIS_SMS_URL is empty")
    found.send(message.to, message.text)
