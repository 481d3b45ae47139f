"""The guides name the screens by their own words: a label between « » is one that the pages show. The law and the flow
of pooling name modules and addresses that exist.
"""

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


POOLING = ROOT / "src" / "parvis" / "pooling"


def test_the_law_and_the_flow_of_pooling_name_modules_that_exist() -> None:
    law = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
    flow = (ROOT / "docs" / "flows" / "pooling.md").read_text(encoding="utf-8")
    named = {POOLING.parent / one for one in re.findall(r"`((?:pooling|procurement|authorities)/[\w/]+\.py)`", law)}
    named |= {POOLING / one for one in re.findall(r"`((?:rules|services|selectors|models|web)/[\w/]+\.py)`", flow)}
    assert len(named) > 50
    assert sorted(str(one) for one in named if not one.exists()) == []


def test_the_flow_of_pooling_names_every_address() -> None:
    """`_edit` after `cost_new` stands for `cost_edit`; which word comes before is not looked at."""
    flow = (ROOT / "docs" / "flows" / "pooling.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)`", flow[flow.index("## Addresses") :]))
    tails = tuple(one for one in told if one.startswith("_"))
    names = {
        name
        for path in (POOLING / "web").rglob("urls.py")
        for name in re.findall(r'name="(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert len(names) > 100
    assert sorted(one for one in names if one not in told and not one.endswith(tails)) == []
