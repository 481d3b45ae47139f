from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.kit.coat import coat_svg

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["Dietwiller", "Illzach", "Kingersheim", "Mulhouse", "Rixheim", "Sausheim", "Wittenheim", "Zimmersheim"]
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
# XML 1.0 has no way to write control characters; names come from forms that refuse them.
names = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=60)


@given(name=names, accent=colours)
@settings(max_examples=100, deadline=None)
def test_any_name_gives_one_well_formed_titled_shield(name: str, accent: str) -> None:
    drawn = coat_svg(name, accent)
    assert drawn == coat_svg(name, accent)
    root = ElementTree.fromstring(drawn)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == f"Blason provisoire\u202f: {name}"
    assert root.get("role") == "img"


def test_the_strict_content_policy_can_show_it() -> None:
    for element in ElementTree.fromstring(coat_svg("Dietwiller", "#8a3b2a")).iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}image"}
        assert not {"style", "href", "onload"} & set(element.attrib)


def test_a_name_cannot_write_markup() -> None:
    drawn = coat_svg('"><script>alert(1)</script>', "#8a3b2a")
    assert "<script" not in drawn


def test_neighbours_have_different_shields() -> None:
    drawn = {coat_svg(name, "#74385a").split("</title>")[1] for name in NAMES}
    assert len(drawn) == len(NAMES)


def test_case_and_spaces_of_a_name_do_not_change_its_shield() -> None:
    one, other = coat_svg("Saint-Louis", "#123456"), coat_svg("  saint-louis ", "#123456")
    assert one.split("</title>")[1] == other.split("</title>")[1]


def test_the_accent_colours_the_shield() -> None:
    assert coat_svg("Illzach", "#005a9c") != coat_svg("Illzach", "#8a3b2a")
    with pytest.raises(ValueError, match="not a colour"):
        coat_svg("Illzach", "bleu")
