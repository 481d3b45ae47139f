"""Decisions are written, requirements are pinned, and nothing of one machine is in the repository."""

import json
import re
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, name_of, tracked

ADR = ROOT / "docs" / "adr"
REQUIREMENTS = ROOT / "requirements"
# In pieces, so that this file does not find itself.
STRANGERS = [
    r"(?<![\w.])/wo" + r"rk/",
    "pypi" + r"\.org/simple",
    "registry" + r"\.npmjs",
    "files" + r"\.pythonhosted",
    r"(?<![\w.])/ho" + r"me/[a-z]",
    r"(?<![\w.])/ro" + r"ot/",
    r"--(?:extra-)?index-url",
]
SECTIONS = ("Context", "Choice", "Why", "Looked at", "Consequences")


def asked(name: str) -> list[str]:
    """Packages asked for by hand in requirements/NAME.in."""
    lines = (REQUIREMENTS / f"{name}.in").read_text().splitlines()
    return [re.split(r"[=<>\[; ]", line)[0] for line in lines if line and not line.startswith(("#", "-"))]


def npm_packages() -> list[str]:
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text())
    return [*wanted.get("dependencies", {}), *wanted.get("devDependencies", {})]


def decisions() -> list[Path]:
    return sorted(ADR.glob("[0-9]*.md"))


@pytest.mark.parametrize("package", [*asked("base"), *asked("dev"), *npm_packages()])
def test_a_dependency_has_its_reason(package: str) -> None:
    assert any(f"`{package}`" in path.read_text() for path in decisions()), f"no ADR names `{package}`"


@pytest.mark.parametrize("path", decisions(), ids=lambda p: p.stem)
def test_a_decision_is_half_a_page_with_its_parts(path: Path) -> None:
    text = path.read_text()
    assert re.match(r"# \d{4}\. .+\n", text)
    assert text.startswith(f"# {path.stem[:4]}. ")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == list(SECTIONS)
    assert 1_000 < len(text) < 4_500, "half a page: as short as it can be, as long as it must"


def test_decisions_are_numbered_without_gap() -> None:
    assert [int(p.stem[:4]) for p in decisions()] == list(range(1, len(decisions()) + 1))


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9_.\-]+(\[[a-z,]+\])?==\S+", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
    pinned = {re.split(r"[=\[]", line)[0].replace("_", "-") for line in lines}
    assert {p.lower().replace("_", "-") for p in asked(name)} <= pinned, "compile the requirements again"


def test_both_lists_agree() -> None:
    def versions(name: str) -> dict[str, str]:
        text = (REQUIREMENTS / f"{name}.txt").read_text()
        return dict(re.findall(r"^([a-z0-9_.\-]+)==(\S+)", text, re.MULTILINE))

    base, dev = versions("base"), versions("dev")
    assert {n: (base[n], dev[n]) for n in base.keys() & dev.keys() if base[n] != dev[n]} == {}


@pytest.mark.parametrize("pattern", STRANGERS)
def test_nothing_of_one_machine_or_one_registry(pattern: str) -> None:
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{name_of(path)}: {m.group()}" for m in re.finditer(pattern, text)][:3]
    assert found == []


def test_no_built_or_secret_file_is_tracked() -> None:
    wrong = [
        name_of(p)
        for p in tracked()
        if p.suffix in {".pyc", ".pem", ".key", ".sqlite3", ".log"} or "node_modules" in p.parts
    ]
    assert wrong == []


def test_a_link_between_documents_leads_somewhere() -> None:
    broken = []
    pages = [p for p in tracked() if p.suffix == ".md"] + list((ROOT / "docs").rglob("*.md"))
    for page in set(pages):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                broken.append(f"{name_of(page)} -> {target}")
        for target in re.findall(r"\b(docs/[\w/.\-]+\.md)\b", page.read_text()):
            if not (ROOT / target).exists():
                broken.append(f"{name_of(page)} -> {target}")
    assert broken == []
