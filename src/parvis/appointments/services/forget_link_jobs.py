from django.db import connection

_OVER = """
DELETE FROM procrastinate_jobs
WHERE task_name = 'appointments.send_links' AND status NOT IN ('todo', 'doing')
"""


def forget_link_jobs() -> int:
    """Erases the jobs that wrote somebody's links, once done: their arguments hold the address; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_OVER)
        return int(cursor.rowcount)
