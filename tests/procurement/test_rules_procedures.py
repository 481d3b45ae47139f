"""procedures.toml is whole and coherent; the sentences of the rules are typeset in French."""

import ast
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from parvis.procurement import rules, states
from parvis.procurement.rules import (
    documents_expected,
    expected_envelopes,
    long_date,
    procedure,
    procedures,
    steps,
    technique,
    techniques,
    time_limit,
    use_translator,
)

RULES = Path(rules.__file__).parent
TODAY = date(2026, 11, 22)


def test_the_procedures_of_the_form() -> None:
    assert [one.code for one in procedures()] == ["open", "restricted", "negotiated", "adapted"]
    assert [one.code for one in techniques()] == ["purchase_orders"]


@pytest.mark.parametrize("code", [one.code for one in procedures()])
def test_each_procedure_is_whole(code: str) -> None:
    one = procedure(code)
    assert one.label
    assert one.help.endswith(".")
    assert one.tag in ("F", "S", "C")
    assert one.level in ("any", "below")
    assert one.formal is (one.level == "any")
    assert [step.code for step in one.steps][:3] == ["entry", "keys", "publication"]
    assert any(document.required for document in one.documents)
    for single in one.rounds:
        assert time_limit(single.limit, TODAY).rule == single.limit
        assert set(single.envelopes) <= {"application", "bid"}
    assert {kind for single in one.rounds for kind in single.envelopes} == {"application", "bid"}


def test_rounds_and_envelopes() -> None:
    assert procedure("open").envelopes == ("application", "bid")
    assert procedure("restricted").envelopes == ("application",)
    assert procedure("negotiated").round("bids").envelopes == ("bid",)
    assert procedure("open").board
    assert not procedure("adapted").board


def test_a_technique_combines_with_each_procedure() -> None:
    framework = technique("purchase_orders")
    assert set(framework.combines_with) == {one.code for one in procedures()}
    for code in framework.combines_with:
        assert steps(code, framework.code) == (*steps(code), *framework.adds_steps)
        assert set(documents_expected(code)) < set(documents_expected(code, framework.code))


def test_no_entry_of_the_data_is_unused() -> None:
    data = tomllib.loads((RULES / "data" / "procedures.toml").read_text("utf-8"))
    used_steps = {step.code for one in procedures() for step in steps(one.code, "purchase_orders")}
    used_documents = {doc.code for one in procedures() for doc in documents_expected(one.code, "purchase_orders")}
    assert used_steps == set(data["step"])
    assert used_documents == set(data["document"])


def test_unknown_codes() -> None:
    for call in (procedure, technique, steps):
        with pytest.raises(KeyError):
            call("auction")


def sentences() -> list[tuple[str, str]]:
    """Every text constant of the rules but docstrings, and every text of the data."""
    found = []
    for path in [*sorted(RULES.glob("*.py")), Path(states.__file__)]:
        tree = ast.parse(path.read_text("utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            (path.name, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ]
    for path in sorted((RULES / "data").glob("*.toml")):
        found += [(path.name, text) for text in re.findall(r'"([^"\n]*)"', path.read_text("utf-8"))]
    return found


def test_narrow_no_break_spaces() -> None:
    """No ordinary space before ; : ! ? » or after «, none forgotten."""
    wrong = [
        (file, text) for file, text in sentences() if re.search(r"\w [;:!?](\s|$)| »|« |[^\s\u202f]»|«[^\u202f]", text)
    ]
    assert wrong == []
    assert len(sentences()) > 300


def test_typographic_apostrophes() -> None:
    assert [(file, text) for file, text in sentences() if re.search(r"[^\W\d_]'[^\W\d_]", text)] == []


def test_sentences_pass_through_the_translator() -> None:
    use_translator(lambda text: f"[{text}]")
    try:
        assert (rules.cpv_error("4") or "").startswith("[«")
    finally:
        use_translator(str)
    assert (rules.cpv_error("4") or "").startswith("«")


@pytest.mark.parametrize(
    ("day", "text"),
    [(date(2026, 4, 3), "vendredi 3 avril 2026"), (date(2026, 8, 1), "samedi 1er août 2026")],
)
def test_long_date(day: date, text: str) -> None:
    assert long_date(day) == text


@pytest.mark.parametrize(
    ("code", "application", "kinds"),
    [
        ("open", True, ("application", "bid")),
        ("open", False, ("bid",)),
        ("adapted", False, ("bid",)),
        ("restricted", True, ("application",)),
        ("restricted", False, ("application",)),
        ("negotiated", True, ("application",)),
        ("", True, ("application", "bid")),
        ("", False, ("bid",)),
    ],
)
def test_the_first_round_says_what_a_company_deposits(code: str, application: bool, kinds: tuple[str, ...]) -> None:
    assert expected_envelopes(code, application) == kinds
