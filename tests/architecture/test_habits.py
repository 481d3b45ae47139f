"""Short files, short functions, no hidden effects."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import PACKAGE, ROOT, modules, name_of, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
TESTS = tuple(sorted((ROOT / "tests").rglob("*.py")))
PROGRAM = ROOT / "parvis"
SCRIPTS = tuple(
    p
    for end in ("*.ts", "*.mjs", "*.css")
    for p in sorted((ROOT / "frontend").rglob(end))
    if "node_modules" not in p.parts
)

# "file: function" -> why this import cannot stand at the top.
IMPORTS_INSIDE = {
    "src/parvis/kit/apps.py: ready": "Django loads the apps before the checks that read them",
}

# Files that may sleep -> what they wait for.
SLEEPERS = {"src/parvis/audit/tasks.py": "the second between two checkpoints: the job's only purpose is that pace"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def length(node: Function) -> int:
    """Lines from `def` to the end, decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_long_file() -> None:
    files = (*modules(), *TESTS, *SCRIPTS, PROGRAM)
    long = {name_of(p): n for p in files if (n := p.read_text().count("\n")) > LONGEST_FILE}
    assert long == {}


def test_no_long_function() -> None:
    files = (*modules(), *TESTS, PROGRAM)
    long = {f"{name_of(p)}: {f.name}": length(f) for p in files for f in functions(p) if length(f) > LONGEST_FUNCTION}
    assert long == {}


def test_no_signals_module() -> None:
    assert [name_of(p) for p in modules() if p.name in {"signals.py", "receivers.py"}] == []


def test_no_receiver_of_model_signals() -> None:
    """An effect is one visible call in a service, or a job of the outbox. allauth's own signals may be listened to."""
    found = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals":
                found.append(name_of(path))
    assert found == []


def test_no_model_looked_up_by_name() -> None:
    """`apps.get_model` hides a dependency from the linter; migrations need it."""
    found = [
        name_of(p)
        for p in modules()
        for node in ast.walk(tree(p))
        if (isinstance(node, ast.Attribute) and node.attr == "get_model")
        or (isinstance(node, ast.Name) and node.id == "get_model")
    ]
    assert found == []


def test_no_module_looked_up_by_name() -> None:
    """`importlib.import_module` and `__import__` hide a dependency from the linter."""
    words = {"import_module", "__import__", "import_string"}
    found = [
        name_of(p)
        for p in modules()
        for node in ast.walk(tree(p))
        if (isinstance(node, ast.Name) and node.id in words) or (isinstance(node, ast.Attribute) and node.attr in words)
    ]
    assert found == []


def test_no_import_inside_a_function() -> None:
    inside = {
        f"{name_of(p)}: {f.name}"
        for p in modules()
        for f in functions(p)
        for node in ast.walk(f)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inside == set(IMPORTS_INSIDE)


def test_every_function_says_its_types() -> None:
    bare = [
        f"{name_of(p)}: {f.name}"
        for p in modules()
        for f in functions(p)
        if f.returns is None
        or any(a.annotation is None for a in (*f.args.args, *f.args.kwonlyargs) if a.arg not in {"self", "cls"})
    ]
    assert bare == []


def judges(function: Function, helpers: dict[str, Function], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a test asserts or expects an error, itself or by a helper of its file."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"raises", "warns", "fail"} or name.lstrip("_").startswith(("assert", "expect", "check")):
                return True
            if name in helpers and name not in seen and judges(helpers[name], helpers, seen | {name}):
                return True
    return False


def test_no_test_that_cannot_fail() -> None:
    silent = []
    for path in TESTS:
        helpers = {f.name: f for f in functions(path)}
        silent += [
            f"{name_of(path)}: {n}" for n, f in helpers.items() if n.startswith("test_") and not judges(f, helpers)
        ]
    assert silent == []


def test_no_one_sleeps_for_luck() -> None:
    """The package waits on an event or a clock of its own; only the launcher, which watches processes, may poll."""
    found = [
        name_of(p)
        for p in modules()
        if p.relative_to(PACKAGE).parts[:2] != ("site", "launch")
        for n in ast.walk(tree(p))
        if isinstance(n, ast.Attribute) and n.attr == "sleep"
    ]
    assert set(found) == set(SLEEPERS)


# Files that ask another clock -> why; `site/launch` and the stand-alone verifier, which run outside Django, may too.
OTHER_CLOCKS = {
    "src/parvis/kit/clock.py": "the one clock itself",
    "src/parvis/accounts/services/sign_out_everywhere.py": "Django dates its sessions by its own clock",
}


@pytest.mark.parametrize("word", ["datetime.now(", "timezone.now(", "datetime.utcnow(", "date.today("])
def test_one_clock(word: str) -> None:
    """Rules that depend on the hour ask kit.clock, so that a test or the demo can set it."""
    outside = ("src/parvis/site/launch/", "src/parvis/sealing/standalone/")
    found = [name_of(p) for p in modules() if word in p.read_text() and not name_of(p).startswith(outside)]
    assert set(found) - set(OTHER_CLOCKS) == set()
