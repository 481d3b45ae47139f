"""The guides name the screens by their own words: a label between « » is one that the pages show."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

GUIDES = sorted((ROOT / "docs" / "guide").glob("*.md"))


def plain(text: str) -> str:
    """Without the differences that a reader does not see: spaces, apostrophes, a last full stop."""
    text = text.replace("\\u202f", " ").replace("\\u00a0", " ").replace("\u202f", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text.replace("'", "’").replace(" :", ":")).strip()


def shown() -> str:
    """Everything that a page, a script, a mail, a command or the edge may say."""
    folders = ("src/parvis", "frontend/src", "ops")
    kinds = {".html", ".py", ".ts"}
    paths = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds)
    return plain("\n".join(path.read_text(encoding="utf-8") for path in paths if "node_modules" not in path.parts))


def labels(page: Path) -> list[str]:
    return [plain(found).rstrip("….") for found in re.findall(r"«\s*([^»]+?)\s*»", page.read_text(encoding="utf-8"))]


def test_there_is_a_guide_for_each_of_the_nine() -> None:
    assert [page.stem for page in GUIDES] == [
        "accueil", "acheteur", "administrateur", "commission", "coordinateur", "entreprise", "exploitant", "referent",
        "usager",
    ]  # fmt: skip


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_every_label_is_one_that_the_screens_show(page: Path) -> None:
    said, found = shown(), labels(page)
    assert len(found) > 8
    assert [label for label in found if label.rstrip() not in said] == []
