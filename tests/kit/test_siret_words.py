from parvis.kit.siret import siret_words, spaced_siret


def test_a_siret_is_spaced() -> None:
    assert spaced_siret("73282932000074") == "732\u00a0829\u00a0320\u00a000074"


def test_a_siren_says_that_it_is_one() -> None:
    assert siret_words("732829320") == "SIREN\u00a0732\u00a0829\u00a0320"
    assert siret_words("73282932000074") == "SIRET\u00a0732\u00a0829\u00a0320\u00a000074"
    assert siret_words("") == ""
