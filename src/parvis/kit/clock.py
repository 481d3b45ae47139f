"""The one clock: every rule that depends on the hour asks it, so that a test or the demo can set it.

Only the time that the edge stamps on a deposit comes from elsewhere (docs/flows/sealed-bid.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_frozen: ContextVar[datetime | None] = ContextVar("parvis_clock", default=None)
_offset_file: Path | None = None


def use_offset_file(path: Path | None) -> None:
    """Add to the hour the seconds written in a file, read at each call.

    For tests and the demo, where several processes travel together.
    """
    global _offset_file
    _offset_file = path


def offset() -> timedelta:
    if _offset_file is None:
        return timedelta()
    try:
        return timedelta(seconds=float(_offset_file.read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()


def now() -> datetime:
    """The present instant, aware, in UTC, to the microsecond."""
    return _frozen.get() or datetime.now(UTC) + offset()


@contextmanager
def frozen_at(instant: datetime) -> Iterator[None]:
    """Hold the clock still within the block. Raises ValueError for a naive datetime."""
    if instant.tzinfo is None:
        raise ValueError("a frozen instant needs a time zone")
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
