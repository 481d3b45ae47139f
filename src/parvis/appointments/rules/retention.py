"""How long what people typed is kept: dated data (rules/data/retention.toml), to be confirmed by each authority."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "retention.toml"
# A form that was never finished: its hold is given back after minutes, what was typed an hour later.
ABANDONED = timedelta(hours=1)


def booking_kept(on: date) -> timedelta:
    """From the end of an appointment. Raises LookupError for a day before the first known period."""
    for row in tomllib.loads(_DATA.read_text(encoding="utf-8"))["period"]:
        if row["from"] <= on <= row.get("until", date.max):
            return timedelta(days=row["booking_days"])
    raise LookupError(f"no retention is known on {on}")
