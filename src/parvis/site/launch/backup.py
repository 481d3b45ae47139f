"""`./parvis backup` and `./parvis restore`: one tar with the database, the files, the keys and their hashes.

Both work while Parvis serves. The register's last signed state is copied first, then the database is dumped, then the
files are read: what is in the archive never says more than the dump knows, and every file that the dump names is there.
"""

import datetime
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from parvis.site.launch.database import Database, open_database
from parvis.site.launch.folders import DataFolder, LaunchError, data_folder
from parvis.site.launch.postgres import DATABASE
from parvis.site.launch.programs import find_programs

FORMAT = 1
_DUMP = "database.dump"
_MANIFEST = "manifest.json"
_PARTS = ("files", "keys", "secret_key", "demo.json")
# Written at each new signed state (audit/services/anchor_leaves.py): one newer than the dump would read as lines lost.
_LAST_STATE = "keys/register.checkpoint"
_CHUNK = 1 << 20


def run_backup(words: list[str]) -> int:
    """Write the archive (0600: it holds the platform's keys) and print its path. Raises LaunchError."""
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    target = Path(words[0] if words else f"parvis-{stamp}.tar").absolute()
    if target.exists():
        raise LaunchError(f"{target} existe déjà. Donnez un autre nom : ./parvis backup AUTRE.tar")
    data = data_folder()
    draft = target.with_name(target.name + ".part")
    try:
        with open_database(data) as database, tempfile.TemporaryDirectory(prefix="parvis-backup-") as folder:
            dump, state = Path(folder, _DUMP), Path(folder, "state")
            if (data.root / _LAST_STATE).exists():
                shutil.copyfile(data.root / _LAST_STATE, state)
            url = database.urls.admin if database.urls else _outside_url()
            _tool("pg_dump", ["--format=custom", f"--file={dump}"], url, outside=database.urls is None)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                _write(out, data, {_DUMP: dump, _LAST_STATE: state}, stamp)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    print(f"Sauvegarde écrite : {target}")
    print("Elle contient les clés de la plateforme : gardez-la en lieu sûr.", file=sys.stderr)
    return 0


def run_restore(words: list[str]) -> int:
    """Put an archive back into an empty data folder. Raises LaunchError."""
    if len(words) != 1:
        raise LaunchError("Dites quelle sauvegarde remettre : ./parvis restore FICHIER")
    source, data = Path(words[0]).absolute(), data_folder()
    present = [name for name in _PARTS if (data.root / name).exists() and _holds_something(data.root / name)]
    if present:
        raise LaunchError(
            f"{data.root} contient déjà {', '.join(present)}. Restaurez dans un dossier neuf : "
            f"PARVIS_DATA=/un/dossier/neuf ./parvis restore {words[0]}"
        )
    data.prepare()
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data.root) as folder:
        _extract(source, Path(folder))
        with open_database(data) as database:
            _restore_database(data, database, Path(folder, _DUMP))
        for name in _PARTS:
            if Path(folder, name).exists():
                if (data.root / name).is_dir():
                    (data.root / name).rmdir()
                Path(folder, name).rename(data.root / name)
                (data.root / name).chmod(0o700 if (data.root / name).is_dir() else 0o600)
    print(f"Restauré dans {data.root}. Contrôlez les registres : ./parvis audit verify")
    return 0


def _restore_database(data: DataFolder, database: Database, dump: Path) -> None:
    """Into an empty database only. Raises LaunchError."""
    if database.server is not None and database.urls is not None:
        if not database.server.created:
            raise LaunchError(f"{data.root} contient déjà une base. Restaurez dans un dossier neuf (PARVIS_DATA).")
        database.server.create_database(DATABASE)
        _tool("pg_restore", ["--exit-on-error", str(dump)], database.urls.admin, outside=False)
        return
    url = os.environ.get("PARVIS_DATABASE_OWNER_URL")
    if not url:
        raise LaunchError("Donnez PARVIS_DATABASE_OWNER_URL : la base neuve, avec le rôle propriétaire des tables.")
    if _has_tables(url):
        raise LaunchError("La base de PARVIS_DATABASE_OWNER_URL n’est pas vide. Restaurez dans une base neuve.")
    _tool("pg_restore", ["--exit-on-error", "--no-owner", str(dump)], url, outside=True)


def _has_tables(url: str) -> bool:
    """Raises LaunchError when the database does not answer."""
    with _connected(url) as connection:
        return connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone() is not None


def _holds_something(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else True


def _outside_url() -> str:
    """A role that sees every row: the owner does not, where row-level security is forced on it. Raises LaunchError."""
    url = os.environ.get("PARVIS_BACKUP_URL")
    if not url:
        raise LaunchError(
            "Donnez PARVIS_BACKUP_URL : la base, avec un rôle qui lit toutes les lignes "
            "(CREATE ROLE parvis_backup LOGIN BYPASSRLS IN ROLE pg_read_all_data)."
        )
    return url


def _tool(name: str, options: list[str], url: str, *, outside: bool) -> None:
    """Run pg_dump or pg_restore on a database. Raises LaunchError."""
    program = _program(name, _major_of_server(url)) if outside else str(find_programs(None).folder / name)
    command = [program, *options, f"--dbname={url}"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LaunchError(f"{name} a échoué :\n{done.stderr.strip()}")


def _program(name: str, major: int) -> str:
    """The machine's own program of the server's version (it speaks TLS, the wheel's does not), else the newest."""
    packaged = f"/usr/lib/postgresql/{major}/bin/{name}"
    known = [found for found in (shutil.which(packaged), shutil.which(name)) if found]
    known.append(str(find_programs(None).folder / name))
    return max(known, key=lambda program: ((version := _major_of_program(program)) == major, version))


def _major_of_program(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r" (\d+)", said)
    return int(found.group(1)) if found else 0


def _major_of_server(url: str) -> int:
    """Raises LaunchError when the database does not answer."""
    with _connected(url) as connection:
        return connection.info.server_version // 10_000


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    try:
        connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.Error as error:
        raise LaunchError(f"La base ne répond pas : {str(error).strip().splitlines()[0]}") from error
    with connection:
        yield connection


def _write(out: IO[bytes], data: DataFolder, first: dict[str, Path], stamp: str) -> None:
    """`first`: what was set aside, by its name in the archive; it stands for the file of that name."""
    hashes: dict[str, str] = {}
    others = [(name, path) for name, path in _files_of(data.root) if name not in first]
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in [*first.items(), *others]:
            try:
                file = open(path, "rb")  # noqa: SIM115
            except FileNotFoundError:
                continue  # a draft or an upload given up since: nothing that the dump counts on
            with file:
                entry = archive.gettarinfo(arcname=name, fileobj=file)
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                reader = _Hashing(file, entry.size)
                archive.addfile(entry, reader)  # type: ignore[arg-type]
                hashes[name] = reader.digest.hexdigest()
        manifest = json.dumps({"v": FORMAT, "made_at": stamp, "sha256": hashes}, indent=1).encode()
        entry = tarfile.TarInfo(_MANIFEST)
        entry.size = len(manifest)
        archive.addfile(entry, io.BytesIO(manifest))


def _files_of(root: Path) -> list[tuple[str, Path]]:
    found = []
    for part in _PARTS:
        paths = [root / part] if (root / part).is_file() else sorted((root / part).rglob("*"))
        found += [(str(path.relative_to(root)), path) for path in paths if path.is_file() and not path.is_symlink()]
    return found


class _Hashing:
    """Reads at most `size` bytes (a file may still grow) and hashes them on the way."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left, self.digest = file, size, hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._file.read(min(size, self._left))
        self._left -= len(block)
        self.digest.update(block)
        return block


def _extract(source: Path, folder: Path) -> None:
    """Unpack and compare every hash before anything is replaced. Raises LaunchError."""
    try:
        with tarfile.open(source) as archive:
            for entry in archive:
                _extract_one(archive, entry, folder)
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, tarfile.TarError, ValueError) as error:
        raise LaunchError(f"{source} n’est pas une sauvegarde lisible : {error}") from error
    if manifest.get("v") != FORMAT:
        raise LaunchError(
            f"{source} vient d’une version plus récente de Parvis. Mettez Parvis à jour, puis recommencez."
        )
    for name, expected in manifest["sha256"].items():
        path = folder / name
        if not path.is_file() or _sha256(path) != expected:
            raise LaunchError(
                f"{source} est abîmée : {name} ne correspond pas à son empreinte. Prenez une autre copie."
            )


def _extract_one(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    """Only plain files of the known parts, written 0600: tarfile's own filter is missing from early 3.11."""
    parts = Path(entry.name).parts
    content = archive.extractfile(entry) if entry.isreg() else None
    if content is None or ".." in parts or not parts or parts[0] not in (_DUMP, _MANIFEST, *_PARTS):
        raise LaunchError(
            f"La sauvegarde contient « {entry.name} », que Parvis n’y met jamais. Prenez une autre copie."
        )
    target = folder.joinpath(*parts)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out, content:
        shutil.copyfileobj(content, out, _CHUNK)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_CHUNK):
            digest.update(block)
    return digest.hexdigest()
