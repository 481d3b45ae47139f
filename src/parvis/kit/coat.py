"""A shield for an authority that has given no logo: drawn from its name and accent, always the same for both.

It copies no real arms: every shield carries the same paved forecourt at its foot, which is Parvis's own, and above it
a division and a figure chosen by a hash of the name. Tinctures are shades of the accent: it suits the pages around it.
"""

from hashlib import sha256
from html import escape

from parvis.kit.theme import Lch, parse_accent, to_hex, to_lch

OUTLINE = "M4 4H100V58C100 86 78 104 52 116C26 104 4 86 4 58Z"
FLOOR = 76

# Drawn in a field of 104 x 76 above the forecourt; A and B stand for the two tinctures.
DIVISIONS = (
    '<path fill="B" d="M0 0H104V120H0Z"/>',
    '<path fill="B" d="M52 0H104V120H52Z"/>',
    '<path fill="B" d="M0 0H104V27H0Z"/>',
    '<path fill="B" d="M0 0H104L0 88Z"/>',
    '<path fill="B" d="M0 80L52 26L104 80V60L52 6L0 60Z"/>',
    '<path fill="B" d="M0 0H26V120H0ZM78 0H104V120H78Z"/>',
    '<path fill="B" d="M52 0H104V40H52ZM0 40H52V80H0Z"/>',
    '<path fill="B" d="M0 50Q13 40 26 50T52 50T78 50T104 50V66Q91 76 78 66T52 66T26 66T0 66Z"/>',
)

# Drawn in a square of 40 x 40, no cross and no emblem of a faith or party; the edge keeps it apart from any field.
FIGURES = (
    '<path d="M20 2L24.7 14.800L38.3 15.300L27.6 23.700L31.3 36.800L20 29.2'
    'L8.7 36.800L12.4 23.700L1.7 15.300L15.3 14.800Z"/>',
    '<path d="M20 1L36 20L20 39L4 20Z"/>',
    '<path d="M6 38V12H3V4H10V8H16V4H24V8H30V4H37V12H34V38H25V29A5 5 0 0 0 15 29V38Z"/>',
    '<circle cx="20" cy="20" r="17"/>',
    '<path d="M20 1C29 6 33 13 33 20C33 26 29 30 23 31V38H17V31C11 30 7 26 7 20C7 13 11 6 20 1Z"/>',
    '<path d="M20 9Q12 3 2 6V33Q12 30 20 36Q28 30 38 33V6Q28 3 20 9Z"/><path fill="none" d="M20 9V36"/>',
    '<path d="M37 20A17 17 0 0 1 3 20A17 17 0 0 1 37 20ZM28 20A8 8 0 0 0 12 20A8 8 0 0 0 28 20Z" fill-rule="evenodd"/>',
    '<path d="M18 38V22Q6 24 3 12Q14 10 18 19V14Q12 8 20 1Q28 8 22 14V19Q26 10 37 12Q34 24 22 22V38Z"/>',
)

# Where the figure stands: one in the middle, two abreast, three as 2 and 1. (x, y, scale of the 40-unit square)
PLACES = (
    ((31.0, 20.0, 1.05),),
    ((13.0, 26.0, 0.85), (57.0, 26.0, 0.85)),
    ((15.0, 12.0, 0.7), (61.0, 12.0, 0.7), (38.0, 42.0, 0.7)),
)


def _tinctures(accent: str) -> tuple[str, str, str]:
    """Deep, middle and pale shades of the accent."""
    base = to_lch(parse_accent(accent))
    chroma = min(base.chroma, 0.16)
    return (
        to_hex(Lch(min(max(base.lightness - 0.06, 0.32), 0.46), chroma, base.hue)),
        to_hex(Lch(min(max(base.lightness + 0.12, 0.56), 0.66), chroma, base.hue)),
        to_hex(Lch(0.965, min(chroma, 0.02), base.hue)),
    )


def _forecourt(deep: str, pale: str) -> str:
    """Paving that runs towards the town: lines that meet above, rows that shorten with distance."""
    fan = "".join(f"M{52 + step * 5:g} {FLOOR}L{52 + step * 16:g} 120" for step in (-3, -2, -1, 0, 1, 2, 3))
    rows = "M0 84H104M0 96H104"
    return (
        f'<path fill="{pale}" d="M0 {FLOOR}H104V120H0Z"/>'
        f'<path stroke="{deep}" stroke-width="1.6" fill="none" d="{fan}{rows}"/>'
        f'<path stroke="{deep}" stroke-width="3" d="M0 {FLOOR}H104"/>'
    )


def coat_svg(name: str, accent: str) -> str:
    """A stand-alone SVG of 104 x 120 units with a title. ValueError when the accent is no colour."""
    deep, middle, pale = _tinctures(accent)
    seed = sha256(" ".join(name.casefold().split()).encode()).digest()
    division = DIVISIONS[seed[0] % len(DIVISIONS)].replace('"B"', f'"{deep if seed[3] % 2 else middle}"')
    field = middle if seed[3] % 2 else deep
    figure = FIGURES[seed[1] % len(FIGURES)]
    figures = "".join(
        f'<g transform="translate({x:g} {y:g}) scale({scale:g})">{figure}</g>'
        for x, y, scale in PLACES[seed[2] % len(PLACES)]
    )
    title = escape(f"Blason provisoire\u202f: {name}")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 104 120" width="104" height="120" role="img">'
        f"<title>{title}</title>"
        f'<clipPath id="s"><path d="{OUTLINE}"/></clipPath>'
        f'<g clip-path="url(#s)"><path fill="{field}" d="M0 0H104V120H0Z"/>{division}'
        f'<g fill="{pale}" stroke="{deep}" stroke-width="1.5" stroke-linejoin="round">{figures}</g>'
        f"{_forecourt(deep, pale)}</g>"
        f'<path fill="none" stroke="{pale}" stroke-width="7" d="{OUTLINE}"/>'
        f'<path fill="none" stroke="{deep}" stroke-width="4" d="{OUTLINE}"/></svg>\n'
    )
