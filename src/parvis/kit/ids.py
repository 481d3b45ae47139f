from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7: sorted by time of birth, and impossible to guess from a neighbour's."""
    return uuid7()
