"""The hour that a buyer types is Paris time; what is stored is UTC. The two nights of clock change are refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from parvis.kit.errors import Refusal
from parvis.procurement.rules.text import _, clock_time, long_date

PARIS = ZoneInfo("Europe/Paris")


def paris_deadline(local: datetime) -> datetime:
    """The UTC instant of a naive Paris time.

    Raises Refusal (code clock_change, field deadline_utc) for a time that does not exist or happens twice, ValueError
    for an aware datetime.
    """
    if local.tzinfo is not None:
        raise ValueError("a Paris time is typed without a zone")
    first = local.replace(tzinfo=PARIS, fold=0)
    second = local.replace(tzinfo=PARIS, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    exists = first.astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) == local.replace(fold=0)
    values = {
        "eve": long_date(local.date() - timedelta(days=1)),
        "day": long_date(local.date()),
        "time": clock_time(local),
        "two": clock_time(local.replace(hour=2, minute=0)),
        "three": clock_time(local.replace(hour=3, minute=0)),
    }
    if exists:
        message = _(
            "Dans la nuit du %(eve)s au %(day)s, les horloges reculent d’une heure : %(time)s arrive deux fois, et les "
            "entreprises ne sauraient pas laquelle compte. Choisissez une heure avant %(two)s ou à partir de %(three)s."
        )
    else:
        message = _(
            "Dans la nuit du %(eve)s au %(day)s, les horloges avancent d’une heure : %(time)s n’existe pas. Choisissez "
            "une heure avant %(two)s ou à partir de %(three)s."
        )
    raise Refusal("clock_change", message % values, "deadline_utc")


def paris_time(instant: datetime) -> datetime:
    """The aware Paris time of an aware instant. Raises ValueError for a naive one."""
    _aware(instant)
    return instant.astimezone(PARIS)


def on_time(stamp_utc: datetime, deadline_utc: datetime) -> bool:
    """True up to and including the deadline, to the microsecond. Raises ValueError for a naive datetime."""
    _aware(stamp_utc)
    _aware(deadline_utc)
    return stamp_utc.astimezone(UTC) <= deadline_utc.astimezone(UTC)


def _aware(instant: datetime) -> None:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
