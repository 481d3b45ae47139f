from collections.abc import Iterator
from contextlib import contextmanager

from parvis.authorities.facade import AuthorityView, agglomeration
from parvis.kit import scope


class NoAgglomeration(Exception):
    """This platform has communes but no agglomeration: it keeps no waiting list."""


@contextmanager
def agglomeration_scope() -> Iterator[AuthorityView]:
    """One transaction on behalf of the agglomeration, which keeps those who wait. Raises NoAgglomeration."""
    whole = agglomeration()
    if whole is None:
        raise NoAgglomeration
    with scope.authority(whole.id):
        yield whole
