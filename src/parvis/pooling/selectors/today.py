from datetime import date

from parvis.kit import clock


def today() -> date:
    """The day it is in Paris."""
    return clock.now().astimezone(clock.PARIS).date()
