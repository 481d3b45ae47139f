"""The dates of a sharing agreement: its years, its notice, when it gives access, what is reminded and when.

Half-open days everywhere: an end is the first day without. To be confirmed by a lawyer: how months are counted (here
from a day to the day of the same number; the day of receipt does not count, and the last day runs to its end).
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

NOTICE_MONTHS = 3
MAX_RENEWALS = 3
MONTHS_BEFORE_END = (6, 3, 1)
DAYS_BEFORE_RENEWAL = 21
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Year:
    """One year of an agreement: the first (1), then each tacit renewal (2 to 4). `ends_on` is the first day after."""

    number: int
    starts_on: date
    ends_on: date

    @property
    def last_day(self) -> date:
        return self.ends_on - ONE_DAY


@dataclass(frozen=True, slots=True)
class Reminder:
    """A letter due on `on`: `months` before the last day of an agreement that ends on `about`, or, with 0, before it
    renews itself that day.
    """

    on: date
    about: date
    months: int = 0

    @property
    def code(self) -> str:
        return f"end-{self.months}:{self.about}" if self.months else f"renewal:{self.about}"


def anniversary(starts_on: date, years: int) -> date:
    """The same day so many years later; for 29 February in a common year, 1 March: the year before it is whole."""
    try:
        return starts_on.replace(year=starts_on.year + years)
    except ValueError:
        return date(starts_on.year + years, 3, 1)


def after_months(day: date, months: int) -> date:
    """The day of the same number so many months later (earlier if negative), or the last of a month too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def term(starts_on: date, renewals: int = MAX_RENEWALS) -> date:
    """The first day after the last possible year."""
    return anniversary(starts_on, 1 + renewals)


def years(starts_on: date, ends_on: date) -> tuple[Year, ...]:
    """The years up to the end; the last one is cut short by a notice."""
    starts = takewhile(lambda day: day < ends_on, (anniversary(starts_on, n) for n in range(MAX_RENEWALS + 1)))
    return tuple(Year(n, first, min(ends_on, anniversary(starts_on, n))) for n, first in enumerate(starts, start=1))


def year_on(starts_on: date, ends_on: date, day: date) -> Year | None:
    """The year that runs on a day; None before the first and after the last."""
    return next((one for one in years(starts_on, ends_on) if one.starts_on <= day < one.ends_on), None)


def next_renewal(starts_on: date, ends_on: date, day: date) -> date | None:
    """The first day of the next year that begins by itself; None when the year of this day is the last."""
    return next((one.starts_on for one in years(starts_on, ends_on)[1:] if one.starts_on > day), None)


def notice_last_day(received_on: date) -> date:
    """Three months counted from the receipt: the day of the same number, or the last of a month too short."""
    return after_months(received_on, NOTICE_MONTHS)


def end_after_notice(starts_on: date, ends_on: date, received_on: date) -> date:
    """The first day without the agreement once a notice is received; never beyond the end it already had.

    An agreement that has not begun by then never does: its end is its beginning.
    """
    return min(ends_on, max(starts_on, notice_last_day(received_on) + ONE_DAY))


def end_at_once(starts_on: date, day: date) -> date:
    """The end when the agglomeration gives no notice: the day itself, or the beginning if it is still to come."""
    return max(starts_on, day)


def access_window(spans: Iterable[tuple[date, date]], day: date) -> tuple[date, date] | None:
    """From when to when the tool is open, for one commune: agreements that follow one another make one window.

    The window of that day; else the next to come; else the last that was. None when no span holds a day.
    """
    windows: list[tuple[date, date]] = []
    for first, end in sorted(span for span in spans if span[0] < span[1]):
        if windows and first <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(windows[-1][1], end))
        else:
            windows.append((first, end))
    if not windows:
        return None
    return next((one for one in windows if day < one[1]), windows[-1])


def reminders(starts_on: date, ends_on: date) -> tuple[Reminder, ...]:
    """All that an agreement will have reminded by its end, in order: its last day, and each renewal before it.

    Three months before the last day of a notice is never after its receipt, when both sides know it.
    """
    found = [Reminder(after_months(ends_on - ONE_DAY, -months), ends_on, months) for months in MONTHS_BEFORE_END]
    found += [
        Reminder(one.starts_on - timedelta(days=DAYS_BEFORE_RENEWAL), one.starts_on)
        for one in years(starts_on, ends_on)[1:]
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.months)))


def due(starts_on: date, ends_on: date, day: date) -> tuple[Reminder, ...]:
    """Those whose day has come and whose event is still ahead."""
    return tuple(one for one in reminders(starts_on, ends_on) if one.on <= day < one.about)
