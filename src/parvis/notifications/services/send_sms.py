from datetime import datetime
from uuid import UUID

from parvis.notifications.models import Channel
from parvis.notifications.rules.numbers import mobile_number
from parvis.notifications.rules.sms import MAX_SEGMENTS, segments, sms_text
from parvis.notifications.services.send_message import write_message


def send_sms(
    to: str,
    text: str,
    *,
    once_key: str,
    authority_id: UUID | None = None,
    subject_id: UUID | None = None,
    not_after: datetime | None = None,
) -> None:
    """Write an SMS in the caller's transaction; it leaves after the commit, as e-mails do (send_message). The same
    `once_key` may serve an e-mail too. Raises ValueError for a number that `read_mobile` would refuse, and for a text
    above three parts once in plain letters (rules/sms.py).
    """
    number, plain = mobile_number(to), sms_text(text)
    if number is None:
        raise ValueError("not a mobile number that we serve: ask read_mobile first")
    if segments(plain) > MAX_SEGMENTS:
        raise ValueError(f"{segments(plain)} parts, {MAX_SEGMENTS} at most: {plain[:60]!r}…")
    write_message(
        Channel.SMS,
        once_key,
        to=number,
        text=plain,
        authority_id=authority_id,
        subject_id=subject_id,
        not_after=not_after,
    )
