"""Tenancy that fails closed: which authority's rows may be seen now.

The scope lives in two places at once: a context variable that the scoped manager reads, and the PostgreSQL variable
`parvis.authority` that the row-level policies read. The latter is set for one transaction only, because a session
variable would survive the connection's return to the pool.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction


class NoAuthorityInScope(Exception):
    """A tenant table was queried without saying for which authority."""


_current: ContextVar[UUID | None] = ContextVar("parvis_authority", default=None)


def current_authority() -> UUID:
    """Raises NoAuthorityInScope outside any `authority(...)` block."""
    authority_id = _current.get()
    if authority_id is None:
        raise NoAuthorityInScope("open `with scope.authority(id):` before reading or writing a tenant's rows")
    return authority_id


def authority_in_scope() -> UUID | None:
    return _current.get()


def _tell_postgres(authority_id: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parvis.authority', %s, true)", [str(authority_id) if authority_id else ""])


@contextmanager
def authority(authority_id: UUID) -> Iterator[None]:
    """One transaction on behalf of one authority; nests, and gives the outer scope back at its end."""
    outer, outermost = _current.get(), not connection.in_atomic_block
    token = _current.set(authority_id)
    try:
        with transaction.atomic():
            _tell_postgres(authority_id)
            yield
            # A rollback gives the variable back, and so does the end of a transaction; within one we must.
            if not outermost:
                _tell_postgres(outer)
    finally:
        _current.reset(token)
