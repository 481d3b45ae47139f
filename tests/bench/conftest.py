"""Benches print a ratio to a limit of the same run. They fail for a wrong or lost result, never for a slow one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from parvis.site.launch.postgres import EmbeddedPostgres
from parvis.site.settings import login
from tests.bench.ground import ROOT, Ground, parvis
from tests.bench.measure import SIZE, Line, Report

LINES = ROOT / "test-results" / "benches.txt"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "bench":
            item.add_marker(pytest.mark.bench)
            item.add_marker(pytest.mark.timeout(SIZE.patience))


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Report:
    """Prints a line whatever pytest captures, and keeps it in test-results/benches.txt."""

    def say(line: Line) -> None:
        with capsys.disabled():
            print(f"\n{line}", end="", flush=True)
        LINES.parent.mkdir(exist_ok=True)
        with LINES.open("a", encoding="utf-8") as kept:
            kept.write(f"{line}\n")

    return say


@pytest.fixture(scope="package")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One Parvis for all benches, on a PostgreSQL that syncs, unlike that of the other tests."""
    data = tmp_path_factory.mktemp("bench")
    with EmbeddedPostgres(data / "pg", durable=True) as urls, parvis(urls, data) as found:
        yield found


@pytest.fixture
def ground(serving: Ground, django_db_blocker: pytest.FixtureRequest) -> Iterator[Ground]:
    """The same, with this process on the same database, folder and keys."""
    before = dict(connection.settings_dict)
    kept = settings.DATA, settings.FILES, settings.PUBLIC_URL
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
        connection.settings_dict.update(login(serving.urls.app))
        settings.DATA, settings.FILES, settings.PUBLIC_URL = serving.data, serving.data / "files", serving.url
        try:
            yield serving
        finally:
            connection.close()
            connection.settings_dict.update(before)
            settings.DATA, settings.FILES, settings.PUBLIC_URL = kept


@pytest.fixture(autouse=True)
def _own_folder() -> None:
    """Replaces that of the other tests, which would move the folder of a server that runs."""


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("django.request").setLevel(logging.ERROR)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a bench may write as much as it likes; emptied at its end by pytest's own rule."""
    return tmp_path
