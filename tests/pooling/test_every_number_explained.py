"""A large figure on a page of pooling never stands without its « Pourquoi ? »."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import PACKAGE

PAGES = sorted((PACKAGE / "pooling" / "templates" / "pooling").rglob("*.html"))
LARGE = re.compile(r"\{\{ figures\(|class=\"sum\"")
# `why` may go by another name, where the page has a variable of that one.
WHY = re.compile(r"call (?:why|because)\(|Pourquoi")


def shown(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", [p for p in PAGES if LARGE.search(shown(p))], ids=lambda p: f"{p.parent.name}-{p.stem}"
)
def test_large_figures_are_explained(path: Path) -> None:
    text = shown(path)
    assert len(WHY.findall(text)) >= len(LARGE.findall(text))


def test_there_are_such_pages() -> None:
    assert len([p for p in PAGES if LARGE.search(shown(p))]) > 12
