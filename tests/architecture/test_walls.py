"""The import contracts stand, and each catches the violation it is for."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import PACKAGE, ROOT, floors, modules, name_of, room_of, rooms, tree

# Where the code of a page or a job is read by everyone: libraries without a tenant's row.
LIBRARIES = {"kit", "sealing"}
DOORS = {"facade", "contracts"}
# Files that go past the doors -> why; importlinter.toml has the same exception.
_DEMO = "the demo plays its invented people through the rooms' own verbs"
PAST_THE_DOOR = {"src/parvis/site/demo/verbs.py": _DEMO, "src/parvis/site/demo/pooling_verbs.py": _DEMO}

FLOORS, ROOMS, DOOR, CELLAR = "Floors:", "Rooms:", "Doors:", "Cellar:"
VIOLATIONS = [
    pytest.param(FLOORS, "accounts/naughty.py", "import parvis.authorities.facade", id="a lower floor calls up"),
    pytest.param(FLOORS, "kit/naughty.py", "from parvis.audit.facade import record", id="the kit knows a domain"),
    pytest.param(FLOORS, "documents/naughty.py", "import parvis.notifications.facade", id="neighbours meet"),
    pytest.param(FLOORS, "procurement/naughty.py", "import parvis.site.context", id="a room asks the site"),
    pytest.param(FLOORS, "core/__init__.py", "", id="a room that is on no plan"),
    pytest.param(ROOMS, "procurement/models/naughty.py", "import parvis.procurement.selectors", id="a model selects"),
    pytest.param(ROOMS, "audit/services/naughty.py", "import parvis.audit.web.urls", id="a service knows the web"),
    pytest.param(ROOMS, "procurement/rules/naughty.py", "import parvis.procurement.models", id="a rule reads rows"),
    pytest.param(ROOMS, "accounts/selectors.py", "import parvis.accounts.facade", id="a read by the front door"),
    pytest.param(DOOR, "procurement/services/naughty.py", "import parvis.authorities.models", id="another room's rows"),
    pytest.param(DOOR, "portal/web/naughty.py", "import parvis.procurement.services", id="another room's verbs"),
    pytest.param(DOOR, "site/naughty.py", "import parvis.procurement.states", id="another room's states"),
    pytest.param(DOOR, "authorities/naughty.py", "import parvis.accounts.web.urls", id="another room's pages"),
    pytest.param(CELLAR, "sealing/naughty.py", "from django.utils import timezone", id="sealing knows the framework"),
    pytest.param(CELLAR, "procurement/rules/naughty.py", "import django", id="the law knows the framework"),
    pytest.param(CELLAR, "authorities/contracts.py", "from parvis.kit import scope", id="by way of another module"),
]


def lint(source: Path, config: Path) -> subprocess.CompletedProcess[str]:
    """lint-imports over a copy of the package."""
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(sys.argv[1:])"
    command = [sys.executable, "-c", code, "--config", str(config), "--no-cache", "--no-logo"]
    environment = {"PYTHONPATH": str(source), "PATH": "", "PYTHONSAFEPATH": "1"}
    return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy_of_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    only_code = shutil.ignore_patterns(
        "static", "templates", "locale", "node_modules", "__pycache__", "*.html", "*.svg"
    )
    shutil.copytree(PACKAGE, folder / "parvis", ignore=only_code)
    return folder


def test_the_four_walls_stand(copy_of_code: Path) -> None:
    answer = lint(copy_of_code, ROOT / "importlinter.toml")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "Contracts: 4 kept, 0 broken." in answer.stdout


@pytest.mark.parametrize(("contract", "place", "line"), VIOLATIONS)
def test_a_deliberate_violation_is_caught(copy_of_code: Path, contract: str, place: str, line: str) -> None:
    intruder = copy_of_code / "parvis" / place
    before = intruder.read_text() if intruder.exists() else None
    intruder.parent.mkdir(exist_ok=True)
    intruder.write_text(f"{before or ''}\n{line}\n")
    try:
        answer = lint(copy_of_code, ROOT / "importlinter.toml")
    finally:
        intruder.unlink()
        if before is not None:
            intruder.write_text(before)
        elif place == "core/__init__.py":
            intruder.parent.rmdir()
    broken = [one for one in answer.stdout.splitlines() if " BROKEN" in one]
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert any(one.startswith(contract) for one in broken), answer.stdout


def test_every_room_is_on_the_plan() -> None:
    folders = {p.name for p in PACKAGE.iterdir() if p.is_dir() and not p.name.startswith("_")}
    assert folders <= set(floors())
    assert list(floors())[-1] == "site" or floors()["site"] == max(floors().values())
    assert floors()["kit"] == 0


def _crossings(path: Path) -> list[str]:
    """Modules of other rooms that a file imports otherwise than by a door."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("parvis."):
            parts = node.module.split(".")
            names = [node.module] if len(parts) > 2 else [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("parvis.")]
        else:
            continue
        for name in names:
            _, room, *inner = name.split(".")
            if room not in {room_of(path), *LIBRARIES} and (not inner or inner[0] not in DOORS):
                found.append(name)
    return found


def test_only_the_door_is_used() -> None:
    """Stricter than the linter's list of closed floors: whatever is neither facade nor contracts is private."""
    found = {name_of(p): names for p in modules() if (names := _crossings(p))}
    assert {place: names for place, names in found.items() if place not in PAST_THE_DOOR} == {}
    assert set(PAST_THE_DOOR) - set(found) == set(), "an exception that nobody needs any more"


def test_no_relative_import_hides_a_crossing() -> None:
    found = [name_of(p) for p in modules() for n in ast.walk(tree(p)) if isinstance(n, ast.ImportFrom) and n.level]
    assert found == []


def test_every_folder_of_code_is_a_package() -> None:
    """Import-linter does not see a folder without `__init__.py`."""
    bare = {name_of(p.parent) for p in PACKAGE.rglob("*.py") if not (p.parent / "__init__.py").exists()}
    assert bare == set()
    assert "procurement" in rooms()
