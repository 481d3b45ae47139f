"""What a buyer types: weights, lots, codes, references, files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.kit.errors import Refusal
from parvis.procurement.contracts import CriterionView, LotView
from parvis.procurement.rules import (
    code_list,
    cpv_error,
    criteria_of,
    envelope_error,
    file_error,
    limits,
    limits_text,
    lots_errors,
    lots_fit,
    next_reference,
    nuts_error,
    reference_error,
    weight_hundredths,
    weights_error,
)
from parvis.procurement.rules.limits import size
from parvis.procurement.rules.weights import written

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
NNBSP = "\u202f"


@pytest.mark.parametrize(
    ("text", "hundredths"), [("40", 4000), ("33,33", 3333), ("33.3", 3330), (" 60 % ", 6000), ("100", 10_000)]
)
def test_weight(text: str, hundredths: int) -> None:
    assert weight_hundredths(text) == hundredths


@pytest.mark.parametrize("text", ["", "forty", "33,333", "0", "-5", "100,01", "NaN", "Infinity", "1e9"])
def test_weight_refused(text: str) -> None:
    with pytest.raises(Refusal, match="pas une pondération"):
        weight_hundredths(text)


@given(st.integers(1, 10_000))
def test_weight_written_is_read_back(hundredths: int) -> None:
    assert weight_hundredths(written(hundredths)) == hundredths


@given(st.lists(st.integers(1, 9_999), min_size=1, max_size=12))
def test_weights_are_right_only_at_exactly_100(weights: list[int]) -> None:
    assert (weights_error(weights) is None) is (sum(weights) == 10_000)
    rest = 10_000 - sum(weights)
    if rest > 0:
        assert weights_error([*weights, rest]) is None


def test_weights_say_the_gap() -> None:
    assert weights_error([6000, 3333]) == f"Les pondérations font 93,33 au lieu de 100{NNBSP}: ajoutez 6,67."
    assert weights_error([6000, 4001]) == f"Les pondérations font 100,01 au lieu de 100{NNBSP}: retirez 0,01."
    assert weights_error([10_000, 0]) is not None
    assert weights_error([]) is not None


def test_a_lot_with_criteria_of_its_own_leaves_the_common_ones() -> None:
    common, own = CriterionView("Prix", 10_000), CriterionView("Délai", 10_000, lot=2)
    assert criteria_of([common, own], 1) == (common,)
    assert criteria_of([common, own], 2) == (own,)
    assert criteria_of([common], None) == (common,)


@pytest.mark.parametrize(
    ("lots", "words"),
    [
        ([LotView(1, "Gros œuvre")], "Un seul lot"),
        ([LotView(1, "Gros œuvre"), LotView(3, "Peinture")], "Numérotez"),
        ([LotView(1, "Gros œuvre"), LotView(1, "Peinture")], "Numérotez"),
        ([LotView(1, "Gros œuvre"), LotView(2, " ")], "Il en manque"),
        ([LotView(1, "Peinture"), LotView(2, "peinture ")], "même intitulé"),
        ([LotView(1, "Gros œuvre"), LotView(2, "Peinture", cpv="4544")], f"Lot 2{NNBSP}:"),
        ([LotView(1, "Gros œuvre"), LotView(2, "Peinture", estimated_cents=-1)], "négative"),
    ],
)
def test_lots_refused(lots: list[LotView], words: str) -> None:
    errors = lots_errors(lots)
    assert len(errors) == 1
    assert words in errors[0]


def test_lots_accepted() -> None:
    assert lots_errors([]) == []
    assert lots_errors([LotView(2, "Peinture", "45442100"), LotView(1, "Gros œuvre")]) == []


def test_lots_that_do_not_add_up() -> None:
    lots = [LotView(1, "A", estimated_cents=100), LotView(2, "B", estimated_cents=200)]
    assert lots_fit(lots, 300) == []
    assert [one.code for one in lots_fit(lots, 301)] == ["lots_do_not_add_up"]
    assert lots_fit([*lots, LotView(3, "C")], 301) == []


@pytest.mark.parametrize("code", ["45214210", "45214210-5", "03000000"])
def test_cpv_form(code: str) -> None:
    assert cpv_error(code) is None


@pytest.mark.parametrize("code", ["", "4521421", "452142100", "45214210-", "45214210-55", "4521421A", "٤5214210"])
def test_cpv_form_refused(code: str) -> None:
    assert cpv_error(code) is not None


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not installed: official code lists are not copied into the project")
    return path


def test_cpv_search_in_the_official_list() -> None:
    cpv = code_list(shared("cpv_fr.csv"))
    assert len(cpv.entries) == 9454
    assert cpv.label("45214210-5") == cpv.label("45214210")
    assert cpv.label("99999999") is None
    assert cpv.search("03")[0].code == "03000000"
    assert [one.code for one in cpv.search("45214210-5")] == ["45214210"]
    found = cpv.search("ECOLES primaires", limit=100)
    assert "45214210" in {one.code for one in found}
    assert all("école" in one.label.lower() for one in found)
    assert cpv.search("  ") == []
    assert len(cpv.search("services", limit=7)) == 7


def test_nuts_labels_in_the_official_list() -> None:
    nuts = code_list(shared("nuts_fr.csv"))
    assert nuts.label("FRF12") == "Haut-Rhin"
    assert nuts.label("FRC11") == "Côte-d’Or"
    for typed in ("cote d'or", "Côte-d'Or", "CÔTE-D’OR"):
        assert [one.code for one in nuts.search(typed)] == ["FRC11"]
    assert nuts.search("frf12")[0].code == "FRF12"


@pytest.mark.parametrize(("code", "right"), [("FRF12", True), ("FRC11", True), ("FRF1", False), ("frf12", False)])
def test_nuts_form(code: str, right: bool) -> None:
    assert (nuts_error(code) is None) is right


@pytest.mark.parametrize(
    ("reference", "right"),
    [
        ("2026-F-012", True),
        ("M.26/03", True),
        ("AB", False),
        ("2026 F 012", False),
        ("-2026-F", False),
        ("A" * 31, False),
    ],
)
def test_reference_form(reference: str, right: bool) -> None:
    assert (reference_error(reference) is None) is right


def test_next_reference() -> None:
    taken = ["2026-F-001", "2026-F-011", "2026-T-040", "2025-F-099", "MAPA-7"]
    assert next_reference(2026, "supplies", taken) == "2026-F-012"
    assert next_reference(2026, "services", taken) == "2026-S-001"
    assert next_reference(2026, "works", ["2026-T-999"]) == "2026-T-1000"


@given(st.sets(st.integers(1, 1500), max_size=20))
def test_next_reference_is_free_and_well_formed(numbers: set[int]) -> None:
    taken = [f"2026-F-{number:03d}" for number in numbers]
    reference = next_reference(2026, "supplies", taken)
    assert reference not in taken
    assert reference_error(reference) is None


@pytest.mark.parametrize(
    ("name", "count", "words"),
    [
        ("DC1.pdf", 0, "est vide"),
        ("DC1.pdf", limits().file + 1, "ne dépasse pas 2\u00a0Go"),
        ("setup.exe", 10, "format accepté"),
        ("noextension", 10, "format accepté"),
        (".pdf", 10, "format accepté"),
        ("a/b.pdf", 10, "un signe"),
        ("a\u202eb.pdf", 10, "un signe"),
        ("a" * 150 + ".pdf", 10, "trop long"),
    ],
)
def test_file_refused(name: str, count: int, words: str) -> None:
    error = file_error(name, count, limits())
    assert error is not None
    assert words in error


def test_file_and_envelope_at_their_limits() -> None:
    allowed = limits()
    assert file_error("Mémoire technique.PDF", allowed.file, allowed) is None
    assert envelope_error([allowed.envelope], allowed) is None
    assert envelope_error([1] * allowed.files, allowed) is None
    for sizes in ([], [allowed.envelope, 1], [1] * (allowed.files + 1)):
        assert envelope_error(sizes, allowed) is not None


def test_the_printed_limits_are_those_that_are_checked() -> None:
    text = "\n".join(limits_text(limits()))
    assert size(limits().file) in text
    assert size(limits().envelope) in text
    assert all(one.removeprefix(".") in text for one in limits().extensions)


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 octet"), (2, "2 octets"), (1500, "1,5 ko"), (2_000_000_000, "2 Go"), (10**6, "1 Mo")]
)
def test_size(count: int, text: str) -> None:
    assert size(count) == text.replace(" ", "\u00a0")
