"""Tenancy fails closed: the manager, and PostgreSQL behind it."""

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from parvis.appointments.models import Place
from parvis.audit.facade import record
from parvis.audit.models import Fact
from parvis.authorities.models import Authority
from parvis.kit import row_security, scope
from parvis.kit.ids import new_id

pytestmark = pytest.mark.django_db


def an_authority(slug: str) -> Authority:
    return Authority.objects.create(
        slug=slug, name=slug.title(), kind="commune", siren=f"{abs(hash(slug)) % 10**9:09d}", department="68",
        population=10, population_kind="totale", population_year=2022,
    )  # fmt: skip


def test_a_query_with_no_authority_in_scope_raises() -> None:
    with pytest.raises(scope.NoAuthorityInScope):
        Fact.objects.count()


def test_each_authority_sees_its_own_rows_only() -> None:
    one, other = an_authority("un"), an_authority("deux")
    with scope.authority(one.id):
        record("test.happened", subject=new_id(), data={"n": 1})
    with scope.authority(other.id):
        assert Fact.objects.count() == 0
        with scope.authority(one.id):
            assert Fact.objects.count() == 1
        assert Fact.objects.count() == 0


def test_postgres_hides_rows_even_from_raw_sql() -> None:
    one, other = an_authority("un"), an_authority("deux")
    with scope.authority(one.id):
        record("test.happened", subject=new_id(), data={"n": 1})
    with scope.authority(other.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_fact")
        assert cursor.fetchone() == (0,)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_fact")
        assert cursor.fetchone() == (0,)


def test_a_row_cannot_be_written_for_another_authority() -> None:
    one, other = an_authority("un"), an_authority("deux")
    stray = Fact(authority_id=other.id, kind="x", subject_id=new_id(), at=datetime.now(UTC), data={}, salt=b"")
    with scope.authority(one.id), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        stray.save(force_insert=True)


def test_facts_are_never_edited_nor_removed() -> None:
    one = an_authority("un")
    with scope.authority(one.id):
        fact = record("test.happened", subject=new_id(), data={"n": 1})
        for statement in ("UPDATE audit_fact SET kind = 'y'", "DELETE FROM audit_fact"):
            with pytest.raises(ProgrammingError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        fact.refresh_from_db()
        assert fact.kind == "test.happened"


def test_the_start_finds_no_fault_and_names_a_table_without_policy(postgres: object) -> None:
    assert row_security.faults() == []
    import psycopg

    with psycopg.connect(postgres.admin, autocommit=True) as admin:  # type: ignore[attr-defined]
        connection.rollback() if not connection.in_atomic_block else None
        admin.execute("SET lock_timeout = '2s'")
        admin.execute("ALTER TABLE procurement_lot NO FORCE ROW LEVEL SECURITY")
        try:
            assert row_security.faults() == ["the table of procurement.Lot has no row-level policy of its own"]
        finally:
            admin.execute("ALTER TABLE procurement_lot FORCE ROW LEVEL SECURITY")


def a_place(name: str) -> Place:
    return Place(name=name, address="1 rue Haute", postcode="68000", city="Essai", latitude=47.7, longitude=7.3)


def test_a_published_row_is_read_by_all_and_written_by_its_authority_alone() -> None:
    one, other = an_authority("un"), an_authority("deux")
    with scope.authority(one.id):
        a_place("Mairie").save(force_insert=True)
    place = Place.objects.get()
    with scope.authority(other.id):
        assert Place.objects.filter(id=place.id).update(name="Prise") == 0
        assert Place.objects.filter(id=place.id).delete()[0] == 0
        stray = a_place("Annexe")
        stray.authority_id = one.id
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            stray.save(force_insert=True)
    assert Place.objects.filter(id=place.id).update(name="Prise") == 0, "outside any scope nobody writes"
    with scope.authority(one.id):
        assert Place.objects.filter(id=place.id).update(name="Mairie annexe") == 1
        assert Place.objects.filter(id=place.id).delete()[0] == 1


def test_a_published_table_has_its_four_policies() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT policyname FROM pg_policies WHERE tablename = 'appointments_place' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
    assert names == [f"parvis_tenant_{verb}" for verb in ("delete", "insert", "read", "update")]
    assert row_security.faults() == []
