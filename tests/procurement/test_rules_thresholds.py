"""Dated thresholds, the publicity that they command, and the advice on procedures."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.procurement.contracts import BuyerKind, Nature
from parvis.procurement.rules import (
    NoFigure,
    dated,
    documents_on_profile,
    procedure_fit,
    procedures,
    publicity_required,
    threshold,
    time_limit,
)
from parvis.procurement.rules.publicity import european_threshold

TODAY = date(2026, 11, 22)
EURO = 100
LAW = Path(__file__).parents[2] / "docs" / "law.md"


@pytest.mark.parametrize(
    ("rule", "on", "euros", "tag"),
    [
        ("no_competition_supplies_services", date(2026, 3, 31), 40_000, "F"),
        ("no_competition_supplies_services", date(2026, 4, 1), 60_000, "F"),
        ("no_competition_works", date(2026, 1, 1), 100_000, "F"),
        ("documents_on_profile", TODAY, 60_000, "F"),
        ("national_notice", TODAY, 90_000, "S"),
        ("european_supplies_services", TODAY, 216_000, "S"),
        ("european_network_supplies_services", TODAY, 432_000, "S"),
        ("european_works", TODAY, 5_404_000, "S"),
        ("european_social_services", TODAY, 750_000, "S"),
        ("essential_data", TODAY, 40_000, "F"),
    ],
)
def test_threshold(rule: str, on: date, euros: int, tag: str) -> None:
    found = threshold(rule, on)
    assert (found.value, found.tag) == (euros * EURO, tag)


def test_a_day_that_no_text_covers_is_an_error_never_a_guess() -> None:
    with pytest.raises(NoFigure):
        threshold("no_competition_works", date(2025, 12, 31))
    with pytest.raises(NoFigure):
        threshold("unheard_of", TODAY)


@pytest.mark.parametrize("name", ["thresholds", "time_limits"])
def test_every_figure_has_a_source_and_no_overlap(name: str) -> None:
    for entries in dated.figures(name).values():
        for one in entries:
            assert one.source
            assert one.tag in ("F", "S", "C")
            assert one.value >= 0
            assert one.article or "à confirmer" in one.source


def test_overlapping_spans_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = 'value = 1\narticle = "X"\nsource = "x"\ntag = "F"\n'
    (tmp_path / "clash.toml").write_text(f"[[a]]\nuntil = 2026-04-01\n{entry}[[a]]\nfrom = 2026-04-01\n{entry}")
    monkeypatch.setattr(dated, "DATA", tmp_path)
    with pytest.raises(ValueError, match="two values of a"):
        dated.figures("clash")


@pytest.mark.parametrize(
    ("nature", "euros", "level"),
    [
        ("supplies", 59_999, "none"),
        ("supplies", 60_000, "suited"),
        ("services", 89_999, "suited"),
        ("services", 90_000, "national"),
        ("supplies", 215_999, "national"),
        ("supplies", 216_000, "european"),
        ("works", 99_999, "none"),
        ("works", 100_000, "national"),
        ("works", 5_403_999, "national"),
        ("works", 5_404_000, "european"),
    ],
)
def test_publicity(nature: Nature, euros: int, level: str) -> None:
    publicity = publicity_required(euros * EURO, nature, TODAY)
    assert publicity.level == level
    assert publicity.required is (level != "none")


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["works", "supplies", "services"]))
def test_a_larger_contract_is_never_announced_less(one: int, other: int, nature: Nature) -> None:
    order = ["none", "suited", "national", "european"]
    low, high = (publicity_required(cents, nature, TODAY) for cents in sorted((one, other)))
    assert order.index(low.level) <= order.index(high.level)


def test_publicity_of_networks_and_social_services() -> None:
    assert publicity_required(431_999 * EURO, "supplies", TODAY, "network_entity").level == "national"
    assert publicity_required(432_000 * EURO, "supplies", TODAY, "network_entity").level == "european"
    assert publicity_required(749_999 * EURO, "services", TODAY, social=True).level == "national"
    assert european_threshold("supplies", TODAY, social=True).rule == "european_supplies_services"


def test_publicity_refuses_a_negative_amount() -> None:
    with pytest.raises(ValueError, match="negative"):
        publicity_required(-1, "works", TODAY)


def test_documents_on_profile() -> None:
    assert documents_on_profile(60_000 * EURO, TODAY)
    assert not documents_on_profile(60_000 * EURO - 1, TODAY)


@pytest.mark.parametrize(
    ("code", "nature", "kind", "euros", "codes"),
    [
        ("adapted", "supplies", "local_authority", 70_000, {"publicity_suited"}),
        ("adapted", "supplies", "local_authority", 216_000, {"formal_procedure_needed", "publicity_european"}),
        ("adapted", "works", "local_authority", 5_403_999, {"publicity_national"}),
        ("adapted", "works", "local_authority", 5_404_000, {"formal_procedure_needed", "publicity_european"}),
        ("adapted", "supplies", "network_entity", 216_000, {"publicity_national"}),
        ("open", "supplies", "local_authority", 216_000, {"publicity_european"}),
        ("open", "supplies", "local_authority", 100_000, {"adapted_possible", "publicity_national"}),
        ("restricted", "services", "local_authority", 59_999, {"competition_not_required"}),
        ("negotiated", "services", "local_authority", 300_000, {"conditions", "publicity_european"}),
        ("negotiated", "services", "network_entity", 500_000, {"publicity_european"}),
    ],
)
def test_procedure_fit(code: str, nature: Nature, kind: BuyerKind, euros: int, codes: set[str]) -> None:
    assert {one.code for one in procedure_fit(code, nature, kind, euros * EURO, TODAY)} == codes


def test_advice_says_why_with_both_amounts() -> None:
    advice = procedure_fit("adapted", "supplies", "local_authority", 300_000 * EURO, TODAY)[0]
    assert advice.level == "warning"
    assert "300\u00a0000,00\u00a0€" in advice.why
    assert "216\u00a0000,00\u00a0€" in advice.why


@pytest.mark.parametrize("code", [one.code for one in procedures()])
def test_no_estimate_no_comparison(code: str) -> None:
    advice = procedure_fit(code, "services", "local_authority", None, TODAY)
    assert {one.code for one in advice} <= {"conditions"}


@pytest.mark.parametrize("name", ["thresholds", "time_limits"])
def test_articles_are_those_of_the_law_document(name: str) -> None:
    law = LAW.read_text("utf-8")
    for rule, entries in dated.figures(name).items():
        assert f"`{rule}`" in law, rule
        for article in {found for one in entries for found in re.findall(r"R\d+-\d+", one.article)}:
            assert article in law


def test_the_law_document_names_modules_that_exist() -> None:
    room = Path(dated.__file__).parents[1]
    named = set(re.findall(r"`(rules/\w+\.py|states\.py|contracts\.py)`", LAW.read_text("utf-8")))
    assert len(named) > 10
    assert [one for one in sorted(named) if not (room / one).exists()] == []


def test_time_limit_variants() -> None:
    limit = time_limit("open_bids", TODAY)
    assert (limit.value, limit.variants) == (35, {"electronic": 30, "urgent": 15, "prior_notice": 15})
