from django.conf import settings

from parvis.notifications.sms.http import HttpCarrier
from parvis.notifications.sms.port import Carrier
from parvis.notifications.sms.stand_in import MailboxCarrier


def carrier() -> Carrier | None:
    """Who carries our SMS; None when nobody does: then no page offers them."""
    if settings.SMS_URL:
        return HttpCarrier(settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER)
    return MailboxCarrier() if settings.LOCAL else None
