"""What the architecture tests read: the package's files, floors, templates, tracked files."""

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "parvis"


@cache
def modules() -> tuple[Path, ...]:
    """Python files of the package, migrations left out."""
    return tuple(
        p for p in sorted(PACKAGE.rglob("*.py")) if "migrations" not in p.parts and "node_modules" not in p.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def name_of(path: Path) -> str:
    """Path from the project's top, as a person would quote it."""
    return str(path.relative_to(ROOT))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@cache
def floors() -> dict[str, int]:
    """Room -> height of its floor, 0 for the ground, from the first contract of importlinter.toml."""
    contract = tomllib.loads((ROOT / "importlinter.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    levels = [[room.strip(" ()") for room in layer.split("|")] for layer in contract["layers"]]
    return {room: height for height, level in enumerate(reversed(levels)) for room in level}


def rooms() -> list[str]:
    """Rooms that are built."""
    return [room for room in floors() if (PACKAGE / room).is_dir()]


@cache
def tracked() -> tuple[Path, ...]:
    """Files under version control, or all of them in a copy without it."""
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if answer.returncode:
        made = {"node_modules", "__pycache__", "static", "test-results"}
        found = (p.relative_to(ROOT) for p in sorted(ROOT.rglob("*")) if p.is_file())
        kept = (p for p in found if not made & set(p.parts) and (p.parts[0] == ".ci" or p.parts[0][0] != "."))
        return tuple(ROOT / p for p in kept)
    return tuple(ROOT / name for name in answer.stdout.decode().split("\0") if name and (ROOT / name).is_file())


@cache
def templates() -> dict[str, Path]:
    """Template name -> file. Raises ValueError when two rooms give the same name."""
    found: dict[str, Path] = {}
    for room in rooms():
        folder = PACKAGE / room / "templates"
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                if name in found:
                    raise ValueError(f"{name} is in two rooms: {name_of(found[name])} and {name_of(path)}")
                found[name] = path
    return found
