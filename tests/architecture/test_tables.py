"""What PostgreSQL itself refuses, table by table, to the role that serves the pages."""

from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.db.utils import DatabaseError, ProgrammingError
from psycopg import sql

from parvis.kit import row_security, scope
from parvis.kit.ids import new_id
from tests.world import an_authority

pytestmark = pytest.mark.django_db

SCOPED = row_security.scoped_models()
APPEND_ONLY = row_security.append_only_models()


def named(model: type[Model]) -> str:
    return model._meta.label


def code_of(statement: sql.Composable, values: list[object] | None = None) -> str:
    """SQLSTATE of what a statement raises, "" when it passes."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return str(getattr(error.__cause__, "sqlstate", "unknown"))
    return ""


def test_nothing_lets_an_authority_see_another() -> None:
    assert row_security.faults() == []


@pytest.mark.parametrize("model", SCOPED, ids=named)
def test_the_table_has_one_policy_for_reading_and_writing(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT policyname, cmd, permissive, qual, with_check FROM pg_policies WHERE tablename = %s",
            [model._meta.db_table],
        )
        [(name, command, permissive, reads, writes)] = cursor.fetchall()
    assert (name, command, permissive) == (row_security.POLICY, "ALL", "PERMISSIVE")
    assert "parvis.authority" in reads
    assert writes == reads


@pytest.mark.parametrize("model", SCOPED, ids=named)
def test_the_table_takes_no_row_of_another_authority(model: type[Model]) -> None:
    """Row security speaks before any missing column: 42501 elsewhere, something else at home."""
    here, there = an_authority("ici"), an_authority("ailleurs")
    insert = sql.SQL("INSERT INTO {} (id, authority_id) VALUES (%s, %s)").format(sql.Identifier(model._meta.db_table))

    def tried(authority: UUID) -> str:
        return code_of(insert, [new_id(), authority])

    with scope.authority(here.id):
        assert tried(there.id) == "42501"
        assert tried(here.id) != "42501"
    assert tried(here.id) == "42501", "without a scope nothing is written"


@pytest.mark.parametrize("model", SCOPED, ids=named)
def test_the_authority_of_a_row_exists(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confrelid::regclass::text FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s",
            [model._meta.db_table, f"{model._meta.db_table}_authority_fk"],
        )
        assert cursor.fetchall() == [("authorities_authority",)]


@pytest.mark.parametrize("model", SCOPED, ids=named)
def test_forgetting_the_scope_raises(model: type[Model]) -> None:
    with pytest.raises(scope.NoAuthorityInScope):
        list(model._default_manager.all())


@pytest.mark.parametrize("model", APPEND_ONLY, ids=named)
def test_what_is_written_once_is_never_changed(model: type[Model]) -> None:
    table, key = sql.Identifier(model._meta.db_table), sql.Identifier(model._meta.pk.column)
    assert code_of(sql.SQL("SELECT count(*) FROM {}").format(table)) == ""
    assert code_of(sql.SQL("UPDATE {} SET {key} = {key} WHERE false").format(table, key=key)) == "42501"
    assert code_of(sql.SQL("DELETE FROM {} WHERE false").format(table)) == "42501"


def test_other_tables_may_be_changed() -> None:
    """The control of the test above: the same statements pass where nothing forbids them."""
    table = sql.Identifier("authorities_authority")
    assert code_of(sql.SQL("UPDATE {} SET id = id WHERE false").format(table)) == ""
    assert code_of(sql.SQL("DELETE FROM {} WHERE false").format(table)) == ""


def test_the_serving_role_owns_nothing_and_makes_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)
    assert code_of(sql.SQL("CREATE TABLE intruder (id int)")) == "42501"
    assert code_of(sql.SQL("ALTER TABLE authorities_authority DISABLE ROW LEVEL SECURITY")) == "42501"
    with connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute("SET ROLE postgres")


def test_the_facts_and_the_download_register_are_append_only() -> None:
    assert {"audit.Fact", "audit.LogLeaf", "procurement.Download", "documents.UploadAttempt"} <= {
        named(m) for m in APPEND_ONLY
    }


def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(f"run makemigrations:\n{capsys.readouterr().out}")
