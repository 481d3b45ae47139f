"""How the coordination service writes an hour: that of Paris, without offset, `2026-12-19 10:00:00`.

Public editors declare so and are answered so, with a space or a T, with or without seconds. The hub's own slots carry a
literal Z after the hour of Paris. An offset that is not zero can only be meant as one.
"""

from datetime import UTC, datetime, timedelta

from parvis.kit.clock import PARIS

_SHORTEST = len("2026-12-19T10:00")  # below, the hour is missing


def written(at: datetime) -> str:
    """`at` is aware. The service keys its deletions on this text."""
    return at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M:%S")


def read(text: str) -> datetime | None:
    """The instant in UTC, or None."""
    text = text.strip()
    if len(text) < _SHORTEST:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.utcoffset() in (None, timedelta()):
            found = found.replace(tzinfo=PARIS)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
