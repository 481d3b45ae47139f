import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parvis.kit.theme import DARK, LIGHT, Scheme, contrast, parse_accent, proofs, theme_css, tints, to_hex, to_lch

TOKENS = Path(__file__).parents[2] / "frontend" / "styles" / "tokens.css"
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
schemes = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=lambda scheme: scheme.name)


def tokens(scheme: Scheme) -> dict[str, str]:
    light, dark = TOKENS.read_text().split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", light))
    return found | dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", dark)) if scheme.dark else found


@schemes
@given(accent=colours)
@settings(max_examples=120, deadline=None)
@example(accent="#000000")
@example(accent="#ffffff")
@example(accent="#ffff00")
@example(accent="#0000ff")
@example(accent="#777777")
def test_any_accent_keeps_every_contrast(scheme: Scheme, accent: str) -> None:
    failed = [proof for proof in proofs(accent, scheme) if not proof.holds]
    assert failed == []


def test_the_proof_would_see_a_bad_pair() -> None:
    assert contrast("#ffff00", "#ffffff") < 1.1
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@given(accent=colours)
@settings(max_examples=200, deadline=None)
def test_oklch_and_back_is_the_same_colour(accent: str) -> None:
    back = to_hex(to_lch(accent))
    for at in (1, 3, 5):
        assert abs(int(accent[at : at + 2], 16) - int(back[at : at + 2], 16)) <= 1


def test_known_oklch_values() -> None:
    red = to_lch("#ff0000")
    assert (red.lightness, red.chroma, red.hue) == pytest.approx((0.6280, 0.2577, 29.23), abs=0.005)


@given(accent=colours.filter(lambda colour: to_lch(colour).chroma > 0.06))
@settings(max_examples=60, deadline=None)
def test_the_tints_still_belong_to_the_accent(accent: str) -> None:
    for scheme in (LIGHT, DARK):
        ink = to_lch(tints(accent, scheme)["accent-ink"])
        turn = abs((ink.hue - to_lch(accent).hue + 180) % 360 - 180)
        assert turn <= 35 or ink.chroma < 0.02


@schemes
def test_the_stylesheet_has_the_same_papers(scheme: Scheme) -> None:
    found = tokens(scheme)
    assert (found["paper"], found["surface"], found["sunken"]) == scheme.grounds
    assert (found["ink"], found["ink-2"]) == (scheme.ink, scheme.ink_2)
    own = tints(found["accent-brand"], scheme)
    assert {name: found[name] for name in own} == own


@schemes
def test_the_fixed_colours_of_the_stylesheet_have_their_contrasts(scheme: Scheme) -> None:
    found = tokens(scheme)
    pairs = [(ink, ground, 4.5) for ink in ("ink", "ink-2") for ground in ("paper", "surface", "sunken")]
    pairs += [("edge", ground, 3.0) for ground in ("paper", "surface", "sunken")]
    for tone in ("success", "warning", "danger", "info"):
        pairs += [(tone, ground, 4.5) for ground in ("paper", "surface", f"{tone}-tint")]
        pairs += [("ink", f"{tone}-tint", 4.5)]
    pairs += [("surface", "danger", 4.5), ("on-accent", "accent", 4.5), ("on-accent", "accent-strong", 4.5)]
    pairs += [("accent-ink", ground, 4.5) for ground in ("paper", "surface", "sunken", "accent-tint")]
    pairs += [(mark, ground, 3.0) for mark in ("focus", "accent-line") for ground in ("paper", "surface", "sunken")]
    weak = [
        (a, b, round(contrast(found[a], found[b]), 2)) for a, b, least in pairs if contrast(found[a], found[b]) < least
    ]
    assert weak == []


@pytest.mark.parametrize("accent", ["", "red", "#12345", "#12345g", "#1234567", "#fff;}body{", "rgb(1,2,3)"])
def test_what_is_no_colour_is_refused(accent: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        theme_css(accent)


def test_short_and_upper_case_colours_are_read() -> None:
    assert parse_accent(" #A1c ") == "#aa11cc"


def test_the_stylesheet_is_for_the_screen_and_both_schemes() -> None:
    css = theme_css("#8a3b2a")
    assert css.count("--accent-ink:") == 2
    assert css.startswith("@media screen{:root{--accent-brand:#8a3b2a;")
    assert "@media screen and (prefers-color-scheme:dark){" in css
