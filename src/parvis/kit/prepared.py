"""Hot queries with a plan that PostgreSQL keeps: planning would cost more than running them."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from django.db import connection


def rows(query: LiteralString, values: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a query returns, in the present transaction. Errors are Django's, as from its own cursors.

    `query` is a constant of the code: each text keeps a plan in each connection.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(query, values, prepare=True)
        return cursor.fetchall() if cursor.description else []
