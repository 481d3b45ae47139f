"""Row-level security and grants, derived from the models after each migrate, and checked at each start."""

from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql

POLICY = "parvis_tenant"
_HERE = "(authority_id = nullif(current_setting('parvis.authority', true), '')::uuid)"
# Name of a policy -> its rule, for each kind of table.
_TENANT = {POLICY: f"USING {_HERE} WITH CHECK {_HERE}"}
_PUBLISHED = {
    f"{POLICY}_read": "FOR SELECT USING (true)",
    f"{POLICY}_insert": f"FOR INSERT WITH CHECK {_HERE}",
    f"{POLICY}_update": f"FOR UPDATE USING {_HERE} WITH CHECK {_HERE}",
    f"{POLICY}_delete": f"FOR DELETE USING {_HERE}",
}
# A seat in the circle lets an authority read what the others share there. The seats are a published table of the room
# `authorities`: PostgreSQL reads it once a query.
_SEATED = (
    "circle_id IN (SELECT circle_id FROM authorities_circleseat"
    " WHERE member_id = nullif(current_setting('parvis.authority', true), '')::uuid)"
)
# One's own row enters only a circle where one sits, or whose seats one gives: nobody plants a row among strangers.
_SEATED_OR_GIVING = (
    "circle_id IN (SELECT circle_id FROM authorities_circleseat"
    " WHERE nullif(current_setting('parvis.authority', true), '')::uuid IN (member_id, authority_id))"
)
_MINE = f"({_HERE} AND {_SEATED_OR_GIVING})"
_SHARED = {
    f"{POLICY}_read": f"FOR SELECT USING ({_HERE} OR {_SEATED})",
    f"{POLICY}_insert": f"FOR INSERT WITH CHECK {_MINE}",
    f"{POLICY}_update": f"FOR UPDATE USING {_HERE} WITH CHECK {_MINE}",
    f"{POLICY}_delete": f"FOR DELETE USING {_HERE}",
}


def scoped_models() -> list[type[Model]]:
    return [m for m in apps.get_models() if getattr(m, "scoped", False) and m._meta.managed]


def published_models() -> list[type[Model]]:
    """Tables that everybody may read and only the authority in scope may write."""
    return [m for m in apps.get_models() if getattr(m, "published", False) and m._meta.managed]


def shared_models() -> list[type[Model]]:
    """Tables that the seats of a circle may read and only the authority in scope may write."""
    return [m for m in apps.get_models() if getattr(m, "shared", False) and m._meta.managed]


def append_only_models() -> list[type[Model]]:
    return [m for m in apps.get_models() if getattr(m, "append_only", False)]


def secure(app_role: str) -> None:
    """Give each tenant table its policy and its foreign key, and the application's role its rights.

    Runs as the owner, any number of times.
    """
    role = sql.Identifier(app_role)
    with connection.cursor() as cursor:
        run = cursor.execute
        run(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        run(sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(role))
        run(sql.SQL("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
        run(sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}").format(role))
        for model in append_only_models():
            table = sql.Identifier(model._meta.db_table)
            run(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(table, role))
        for model in scoped_models():
            _secure_table(model._meta.db_table, _TENANT)
        for model in published_models():
            _secure_table(model._meta.db_table, _PUBLISHED)
        for model in shared_models():
            _secure_table(model._meta.db_table, _SHARED)


def _secure_table(name: str, policies: dict[str, str]) -> None:
    table, fk = sql.Identifier(name), sql.Identifier(f"{name}_authority_fk")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table))
        cursor.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(table))
        for policy, rule in policies.items():
            cursor.execute(sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(sql.Identifier(policy), table))
            cursor.execute(
                sql.SQL("CREATE POLICY {} ON {} {rule}").format(sql.Identifier(policy), table, rule=sql.SQL(rule))
            )
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [f"{name}_authority_fk"])
        if cursor.fetchone() is None:
            cursor.execute(
                sql.SQL(
                    "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY (authority_id)"
                    " REFERENCES authorities_authority (id) DEFERRABLE INITIALLY DEFERRED"
                ).format(table, fk)
            )


def faults() -> list[str]:
    """What would let one authority see another's rows; empty when all is well."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
        if row and (row[0] or row[1]):
            found.append(f"the role {row[2]} is a superuser or bypasses row-level security")
        for model in (*scoped_models(), *published_models(), *shared_models()):
            expected = len(_TENANT if getattr(model, "scoped", False) else _PUBLISHED)
            cursor.execute(
                "SELECT c.relrowsecurity, c.relforcerowsecurity,"
                " (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid),"
                " pg_get_userbyid(c.relowner) = current_user"
                " FROM pg_class c WHERE c.relname = %s AND c.relnamespace = 'public'::regnamespace",
                [model._meta.db_table],
            )
            table = cursor.fetchone()
            if table is None:
                found.append(f"the table of {model._meta.label} does not exist")
            elif not (table[0] and table[1] and table[2] == expected):
                found.append(f"the table of {model._meta.label} has no row-level policy of its own")
            elif table[3]:
                found.append(f"the table of {model._meta.label} belongs to the role that serves requests")
    return found


class TenancyNotSafe(RuntimeError):
    """The process must not start: one authority could see another's rows."""


def require() -> None:
    """Raises TenancyNotSafe, with every fault, unless the database keeps the authorities apart."""
    if found := faults():
        raise TenancyNotSafe("; ".join(found))
