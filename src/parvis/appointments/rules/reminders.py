"""When people are reminded of an appointment: by mail two days before, by SMS the day before, never at night."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from parvis.appointments.rules.paris import PARIS, day_of, instant

FROM, UNTIL = time(9), time(20)  # Paris hours within which a telephone may ring
MAIL_BEFORE, SMS_BEFORE = timedelta(days=2), timedelta(days=1)
# Nearer than this, one is on the way: a reminder only worries.
TOO_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Due:
    mail: bool
    sms: bool


def may_ring(now: datetime) -> bool:
    return FROM <= now.astimezone(PARIS).time() < UNTIL


def rings_until(now: datetime) -> datetime:
    """The end of the hours of that Paris day."""
    return instant(day_of(now), UNTIL)


def due(starts_at: datetime, told_at: datetime, reminded_at: datetime | None, now: datetime) -> Due:
    """What is to be sent at `now` for an appointment whose last letter left at `told_at`.

    A letter that left after a reminder's hour says the same: that reminder is not sent.
    """
    if not may_ring(now) or starts_at - TOO_LATE <= now:
        return Due(False, False)

    def one(before: timedelta) -> bool:
        moment = instant(day_of(starts_at) - before, FROM)
        return told_at < moment <= now and (reminded_at is None or reminded_at < moment)

    return Due(one(MAIL_BEFORE), one(SMS_BEFORE))
