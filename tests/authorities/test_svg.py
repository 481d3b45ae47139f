"""A coat of arms may be drawn, and nothing else."""

import pytest

from parvis.authorities.svg import MAX_BYTES, MAX_ELEMENTS, BadSvg, clean_svg

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">'


def test_a_drawing_passes_and_styles_become_attributes() -> None:
    drawn = clean_svg(
        f'{OPEN}<title>Val &amp; Bruche</title><defs><linearGradient id="a"><stop offset="0" style="stop-color:#fff"/>'
        '</linearGradient></defs><g transform="scale(2)"><path d="M0 0L1,1Z" class="x"'
        ' style="fill:url(#a); -inkscape-font-specification:Sans"/></g></svg>'.encode()
    )
    assert 'fill="url(#a)"' in drawn
    assert 'stop-color="#fff"' in drawn
    assert "Val &amp; Bruche" in drawn
    assert "style" not in drawn
    assert "inkscape" not in drawn
    assert clean_svg(drawn.encode()) == drawn


def test_notes_of_drawing_programs_are_left_out() -> None:
    drawn = clean_svg(
        f'{OPEN}<!-- made with love --><metadata>who</metadata><x:namedview xmlns:x="urn:x" onload="alert(1)"/>'
        '<rect xmlns:x="urn:x" x:label="fond" width="1" height="1"/></svg>'.encode()
    )
    assert "rect" in drawn
    for gone in ("love", "who", "namedview", "alert", "fond"):
        assert gone not in drawn


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<script>alert(1)</script>", "element"),
        ("<foreignObject/>", "element"),
        ("<image/>", "element"),
        ("<use/>", "element"),
        ("<a/>", "element"),
        ("<style>*{fill:red}</style>", "element"),
        ("<animate/>", "element"),
        ("<text>nom</text>", "element"),
        ('<path onclick="alert(1)"/>', "attribute"),
        ('<path xlink:href="#a"/>', "attribute"),
        ('<path href="javascript:alert(1)"/>', "attribute"),
        ('<path fill="url(https://exemple.test/a)"/>', "value"),
        ('<path fill="url(//exemple.test/a)"/>', "value"),
        ('<path style="fill:url(https://exemple.test/a)"/>', "value"),
        ('<path style="background:url(https://exemple.test/a)"/>', "value"),
        ('<path d="M0 0&lt;script&gt;"/>', "value"),
    ],
)
def test_what_could_act_is_refused_by_name(body: str, kind: str) -> None:
    with pytest.raises(BadSvg) as refused:
        clean_svg(f"{OPEN}{body}</svg>".encode())
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", "xml"),
        (b"<svg", "xml"),
        (b"\xff\xfe\x00", "doctype"),
        (
            b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&a;</svg>',
            "doctype",
        ),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "root"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "root"),
        (b"x" * (MAX_BYTES + 1), "size"),
        (OPEN.encode() + b"<g/>" * (MAX_ELEMENTS + 1) + b"</svg>", "many"),
        (OPEN.encode() + b"<g>" * 40 + b"</g>" * 40 + b"</svg>", "many"),
    ],
)
def test_what_is_no_drawing_is_refused(raw: bytes, kind: str) -> None:
    with pytest.raises(BadSvg) as refused:
        clean_svg(raw)
    assert refused.value.kind == kind
