from uuid import UUID

from django.db import connection


def one_at_a_time(service_id: UUID) -> None:
    """Until commit, no other verb changes this e-service or its uses. Row locks would not do: under row security the
    authority that joins may not lock the row of the one that runs.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"eservice {service_id}"])
