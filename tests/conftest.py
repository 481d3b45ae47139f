"""The tests' ground: a private PostgreSQL 18, a database per worker, served as the application's role."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from parvis.site.launch.postgres import EmbeddedPostgres, Urls
from parvis.site.settings import login


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("PARVIS_ENV", "test")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Urls]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("pg") / "data", durable=False)
    server.start()
    try:
        yield server.create_database(f"test_{worker_id}")
    finally:
        server.stop()


@pytest.fixture(scope="session")
def django_db_setup(postgres: Urls, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Migrates as the owner, then serves as the role that has no right beyond its grants."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
        connection.settings_dict.update(login(postgres.app))
        owner = login(postgres.owner)
        settings.OWNER_LOGIN = {key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        call_command("migrate", verbosity=0)
        with psycopg.connect(postgres.admin, autocommit=True) as admin:
            # Only the tests empty tables between two cases.
            admin.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO parvis_app")
        yield
        connection.close()


KEPT = {"django_migrations", "django_content_type"}


def empty_every_table() -> None:
    """What was committed for other processes to see is taken back, the queue of jobs included."""
    names = set(connection.introspection.table_names()) - KEPT
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, sorted(names)))))


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """Django empties its own tables after a test that commits; the jobs are not among them."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    settings.FILES = tmp_path / "files"  # type: ignore[attr-defined]
