"""How long a framework agreement may last. Source: law.md does not name the article; four years is the rule of the
group's specification, and a longer term is to be confirmed by a lawyer (C).
"""

from datetime import date

MOST_YEARS = 4


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def too_long(starts_on: date, ends_on: date) -> bool:
    """Over 48 months; `ends_on` is the first day without it."""
    return ends_on > years_after(starts_on, MOST_YEARS)
