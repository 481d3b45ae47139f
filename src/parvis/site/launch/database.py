"""The database a command works on: the one that the environment names, else the embedded one of the data folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from parvis.site.launch.folders import DataFolder, LaunchError
from parvis.site.launch.postgres import EmbeddedPostgres, PostgresError, Urls


@dataclass(frozen=True, slots=True)
class Database:
    """`environment`: variables to give to Parvis. `server` is None when the database is not ours to start."""

    environment: dict[str, str]
    server: EmbeddedPostgres | None
    urls: Urls | None


def is_external() -> bool:
    """Whether PARVIS_DATABASE_URL names a database that somebody else runs."""
    return bool(os.environ.get("PARVIS_DATABASE_URL"))


def local_environment(data: DataFolder, urls: Urls | None) -> dict[str, str]:
    """The demo's settings for this folder; the database's URLs only if it is embedded."""
    found = {
        "PARVIS_ENV": "demo",
        "PARVIS_DATA": str(data.root),
        "PARVIS_SECRET_KEY": os.environ.get("PARVIS_SECRET_KEY") or data.secret_key(),
    }
    if urls is not None:
        found |= {"PARVIS_DATABASE_URL": urls.app, "PARVIS_DATABASE_OWNER_URL": urls.owner}
    return found


@contextmanager
def open_database(data: DataFolder) -> Iterator[Database]:
    """Start the embedded database (or join the one that runs) for the length of a command. Raises LaunchError."""
    if is_external():
        yield Database({}, None, None)
        return
    data.prepare()
    server = EmbeddedPostgres(data.database, log_file=data.logs / "postgres.log")
    try:
        urls = server.start()
    except (PostgresError, OSError) as error:
        raise LaunchError(str(error)) from error
    try:
        if server.created:
            data.forget_loaded()
        yield Database(local_environment(data, urls), server, urls)
    finally:
        server.stop()
