import pytest

from parvis.accounts.rules import BadSiret, parse_siret
from parvis.accounts.services.register_company import read_siret
from parvis.kit.errors import Refusal


@pytest.mark.parametrize(
    "text", ["73282932000074", "732 829 320 00074", " 732\u00a0829\u202f320-00074 ", "732.829.320.00074"]
)
def test_spaces_dots_and_dashes_are_forgiven(text: str) -> None:
    assert parse_siret(text) == "73282932000074"


def test_the_post_office_has_its_own_check_digit() -> None:
    assert parse_siret("35600000049837") == "35600000049837"


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("7328293200007", "short", "il en manque un. Exemple\u202f: 216\u00a0800\u00a0722\u00a000011"),
        ("732829320", "short", "il en manque 5."),
        ("732829320000745", "long", "il y en a un de trop."),
        ("7328293200007412", "long", "il y en a 2 de trop."),
        ("7328293200007A", "letters", "n’a que des chiffres"),
        ("", "letters", "n’a que des chiffres"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "letters", "n’a que des chiffres"),
        ("73282932000075", "checksum", "un de ses chiffres est faux"),
    ],
)
def test_the_refusal_says_what_is_wrong(text: str, kind: str, said: str) -> None:
    with pytest.raises(BadSiret) as fault:
        parse_siret(text)
    assert fault.value.kind == kind
    with pytest.raises(Refusal) as refusal:
        read_siret(text)
    assert said in refusal.value.message
    assert refusal.value.field == "siret"
