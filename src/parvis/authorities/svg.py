"""A coat of arms sent as SVG: only shapes and colours pass; what could act is refused by name."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError

MAX_BYTES = 60_000
MAX_ELEMENTS = 2_000
MAX_DEPTH = 30
SVG = "http://www.w3.org/2000/svg"

ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
    ]
)
DROPPED = frozenset({"metadata"})
ATTRIBUTES = frozenset(
    [
        "id",
        "viewBox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "d",
        "points",
        "transform",
        "preserveAspectRatio",
        "version",
        "fill",
        "fill-rule",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-opacity",
        "opacity",
        "clip-path",
        "clip-rule",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "clipPathUnits",
        "color",
        "role",
    ]
)
STYLES = frozenset(
    [
        "fill",
        "fill-rule",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-opacity",
        "opacity",
        "clip-path",
        "clip-rule",
        "stop-color",
        "stop-opacity",
        "color",
    ]
)
_VALUE = re.compile(r"^[\w\s.,;:#%()+\-*/'\"]*$")
_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_OWN_URL = re.compile(r"^url\(\s*['\"]?#[\w\-.]+['\"]?\s*\)$")


class BadSvg(Exception):
    """`kind`: "size", "xml", "doctype", "root", "element", "attribute", "value" or "many"; `what` names the culprit."""

    def __init__(self, kind: str, what: str = "") -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind
        self.what = what


def clean_svg(raw: bytes) -> str:
    """The drawing, rewritten from what is allowed alone. Raises BadSvg."""
    if len(raw) > MAX_BYTES:
        raise BadSvg("size")
    lowered = raw.lower()
    if b"<!doctype" in lowered or b"<!entity" in lowered or b"\x00" in raw:
        raise BadSvg("doctype")
    try:
        root = ElementTree.fromstring(raw.decode("utf-8-sig"))  # noqa: S314  (no DTD, small)
    except (ParseError, UnicodeDecodeError, ValueError) as error:
        raise BadSvg("xml") from error
    if root.tag != f"{{{SVG}}}svg" or "viewBox" not in root.attrib:
        raise BadSvg("root")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise BadSvg("many")
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(_clean(root, 0), encoding="unicode")


def _clean(element: Element, depth: int) -> Element:
    if depth > MAX_DEPTH:
        raise BadSvg("many")
    name = _local(element)
    kept = Element(f"{{{SVG}}}{name}")
    for attribute, value in element.attrib.items():
        _keep_attribute(kept, attribute, value)
    if name in {"title", "desc"}:
        kept.text = element.text
        return kept
    for child in element:
        if _foreign(child) or _local(child) in DROPPED:
            continue
        kept.append(_clean(child, depth + 1))
    return kept


def _foreign(element: Element) -> bool:
    """Comments, and notes of drawing programs in their own namespaces: they draw nothing and are left out."""
    return not isinstance(element.tag, str) or not element.tag.startswith(f"{{{SVG}}}")


def _local(element: Element) -> str:
    name = str(element.tag).rpartition("}")[2]
    if name not in ELEMENTS | DROPPED:
        raise BadSvg("element", name)
    return name


def _keep_attribute(kept: Element, name: str, value: str) -> None:
    if name.startswith("{"):
        if name.endswith("}href"):
            raise BadSvg("attribute", "href")
        return
    if name == "style":
        for declaration in filter(None, (part.strip() for part in value.split(";"))):
            key, _, said = (part.strip() for part in declaration.partition(":"))
            if key in STYLES:
                _set(kept, key, said)
            elif _URL.search(said):
                raise BadSvg("value", key)
        return
    if name in {"class"} or name.startswith(("data-", "aria-")):
        return
    if name not in ATTRIBUTES:
        raise BadSvg("attribute", name)
    _set(kept, name, value)


def _set(kept: Element, name: str, value: str) -> None:
    if not _VALUE.match(value) or (_URL.search(value) and not _OWN_URL.match(value.strip())):
        raise BadSvg("value", name)
    kept.set(name, value)
