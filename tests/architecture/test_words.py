"""Every state, permission, role, word and setting of the code is written down, and nothing else is."""

import ast
import re
from enum import StrEnum
from functools import cache

import pytest
from django.apps import apps
from django.db.models import TextChoices

from parvis.appointments import states as appointment_states
from parvis.authorities.rules import PREROGATIVES, Role
from parvis.pooling import states as pooling_states
from parvis.procurement import states
from parvis.site.environment import TABLE
from tests.architecture.house import PACKAGE, ROOT, modules, name_of, tree
from tests.architecture.tables import code, rows

PERMISSIONS = ROOT / "docs" / "permissions.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
OPERATIONS = ROOT / "docs" / "operations.md"
LATER = "later"


def test_roles_are_documented() -> None:
    written = [(code(name)[0], label) for name, label in rows(PERMISSIONS, "Roles")]
    assert written == [(role.value, role.label) for role in Role]


def test_permissions_are_documented() -> None:
    written = {code(name)[0]: set(code(roles)) for name, _, roles in rows(PERMISSIONS, "Permissions")}
    assert written == {name: {role.value for role in roles} for name, roles in PREROGATIVES.items()}
    assert all(len(meaning) > 10 for _, meaning, _ in rows(PERMISSIONS, "Permissions"))


def test_every_permission_is_asked_somewhere() -> None:
    """A permission that no page asks protects nothing."""
    asked = {
        node.value
        for path in modules()
        if name_of(path) != "src/parvis/authorities/rules.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(PREROGATIVES) - asked == set()


MACHINES = {**states.TABLES, **appointment_states.TABLES, **pooling_states.TABLES}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.__name__)
def test_states_and_moves_are_documented(machine: type[StrEnum]) -> None:
    headings = [line for line in PERMISSIONS.read_text().splitlines() if line.endswith(f"(`{machine.__name__}`)")]
    assert len(headings) == 1
    written = {code(state)[0]: code(moves) for state, moves in rows(PERMISSIONS, headings[0].strip("# "))}
    assert written == {
        state.value: [f"{one.verb} → {one.to}" for one in MACHINES[machine] if one.origin == state] for state in machine
    }


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.__name__)
def test_a_state_is_stored_under_the_same_word(machine: type[StrEnum]) -> None:
    """The model's choices are the machine's states; only what a verb not built yet leads to may be missing."""
    table = MACHINES[machine]
    reached = {one.to.value for one in table if one.verb not in BUILT_LATER}
    for choices in (one for one in TextChoices.__subclasses__() if one.__name__ == machine.__name__):
        stored = {c.value for c in choices}
        assert reached <= stored <= {s.value for s in machine}
        assert all(str(c.label) for c in choices)


# Verbs in the tables -> why no service has their name.
BUILT_LATER = {"discontinue": "with the award", "return_submission": "with the award"}
INSIDE_ANOTHER = {"supersede_submission": "settle_submissions"}


# Verbs that another service does on the way -> that service.
WITHIN_ANOTHER = {"withdraw_booking": "withdraw_declarations", "give_up": "declare_booking"}


def services_of(room: str) -> set[str]:
    folder = PACKAGE / room / "services"
    return {node.name for path in folder.glob("*.py") for node in tree(path).body if isinstance(node, ast.FunctionDef)}


def test_a_verb_is_a_service() -> None:
    functions = services_of("procurement")
    verbs = {one.verb for table in states.TABLES.values() for one in table}
    assert verbs - functions == {*BUILT_LATER, *INSIDE_ANOTHER}
    assert set(INSIDE_ANOTHER.values()) <= functions
    functions = services_of("appointments")
    verbs = {one.verb for table in appointment_states.TABLES.values() for one in table}
    assert verbs - functions == set(WITHIN_ANOTHER)
    assert set(WITHIN_ANOTHER.values()) <= functions
    verbs = {one.verb for table in pooling_states.TABLES.values() for one in table}
    assert verbs - services_of("pooling") == set()
    text = PERMISSIONS.read_text()
    [line] = [one for one in text.splitlines() if "not built yet" in one]
    assert set(code(line)) == set(BUILT_LATER)


@cache
def words_of_code() -> frozenset[str]:
    """Names of classes, functions, fields and short texts of the package, and their words put side by side."""
    found: set[str] = set()
    for path in (*modules(), *(PACKAGE.rglob("*.toml"))):
        if path.suffix == ".toml":
            found |= set(re.findall(r"\w+", path.read_text()))
            continue
        for node in ast.walk(tree(path)):
            for field in ("name", "id", "attr", "arg"):
                value = getattr(node, field, None)
                if isinstance(value, str):
                    found.add(value)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
                found.add(node.value)
    return frozenset(found)


@cache
def phrases_of_code() -> str:
    """All names in small letters, their words parted by a blank: `OpeningSession` -> " opening session "."""
    parted = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+", " ", word).lower().strip() for word in words_of_code()}
    prose = " ".join(ast.get_docstring(tree(p)) or "" for p in modules()).lower()
    return f" {' | '.join(sorted(parted))} {prose} "


GLOSSARY_ROWS = rows(GLOSSARY, "Words")


@pytest.mark.parametrize("row", GLOSSARY_ROWS, ids=lambda r: r[0])
def test_a_word_of_the_glossary_lives_in_the_code(row: list[str]) -> None:
    _, in_code, _, meaning = row
    if meaning.startswith(LATER):
        return
    names = code(in_code)
    assert [name for name in names if name not in words_of_code()] == []
    if not names:
        phrases = [re.sub(r"\(.*?\)", "", one).strip().lower() for one in re.split(r"[,(]", in_code) if one.strip()]
        assert any(f" {phrase}" in phrases_of_code() for phrase in phrases), f"none of {phrases} is a name in the code"


@pytest.mark.parametrize("row", [r for r in GLOSSARY_ROWS if r[3].startswith(LATER)], ids=lambda r: r[0])
def test_a_word_for_later_is_not_there_yet(row: list[str]) -> None:
    """Once it is built, the glossary says so."""
    built = {m.__name__ for m in apps.get_models()}
    assert [name for name in code(row[1]) if name in built] == []


def test_every_domain_model_is_a_word() -> None:
    """A table that the screens speak of has its French word; helpers of a word are listed under it."""
    spoken = {"Authority", "Company", "Person", "Consultation", "Lot", "Submission", "Envelope", "Download"}
    written = {name for row in GLOSSARY_ROWS for name in code(row[1])}
    assert spoken <= written


def test_settings_are_documented() -> None:
    written = [tuple(row) for row in rows(OPERATIONS, "Réglages")]
    shown = {None: "**obligatoire**", "": "vide"}
    assert written == [(f"`{v.name}`", shown.get(v.default, f"`{v.default}`"), v.meaning) for v in TABLE]


def test_the_environment_is_read_in_one_place() -> None:
    """Whatever Parvis reads is in the table; the launcher, which prepares it, may write."""
    allowed = (
        "src/parvis/site/environment.py",
        "src/parvis/site/settings.py",
        "src/parvis/site/manage.py",
        "src/parvis/site/wsgi.py",
    )
    found = [
        name_of(path)
        for path in modules()
        if not name_of(path).startswith(("src/parvis/site/launch/", *allowed))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert found == []


def test_every_variable_named_anywhere_is_in_the_table() -> None:
    """A variable of the samples or of the guide that Parvis does not read would mislead."""
    files = [*modules(), OPERATIONS, *(p for p in (ROOT / "ops").rglob("*") if p.is_file())]
    named = {(name_of(p), n) for p in files for n in re.findall(r"\bPARVIS_[A-Z_]+[A-Z]\b", p.read_text())}
    tools = {code(name)[0] for name, *_ in rows(OPERATIONS, "Variables des outils")}
    known = {v.name for v in TABLE} | tools
    assert {(place, n) for place, n in named if n not in known} == set()
    used = {n for place, n in named if place != name_of(OPERATIONS)}
    benches = "".join(p.read_text() for p in (ROOT / "tests" / "bench").rglob("*.py"))
    assert {n for n in tools if n not in used and n not in benches} == set()
