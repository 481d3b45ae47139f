import pytest

from parvis.kit.sheets import decimal_comma, harmless, sheet


def test_a_sheet_is_what_french_spreadsheets_read() -> None:
    assert sheet([("Nom", "HT"), ("Rue; du Lac", decimal_comma(-1_234_56))]) == (
        '\ufeffNom;HT\r\n"Rue; du Lac";-1234,56\r\n'
    )


@pytest.mark.parametrize("cell", ["=1+1", "+33 1", "-1+cmd|x", "@sum", "\tx", "- point", "-"])
def test_what_would_be_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Mulhouse", "-12,34", "-5", "00074", "1/3", "2026-01-01"])
def test_the_rest_stays(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize(("cents", "text"), [(0, "0,00"), (5, "0,05"), (-5, "-0,05"), (123_456, "1234,56")])
def test_cents_have_a_comma(cents: int, text: str) -> None:
    assert decimal_comma(cents) == text
