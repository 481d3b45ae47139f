"""From one accent colour, an authority's tints for light and dark, with their contrasts proved.

Colours are sRGB, written "#rrggbb"; the work is done in OKLCH (lightness 0..1, chroma, hue in degrees), where a step
in lightness looks like the same step whatever the hue. Ratios are those of WCAG 2.2 (1.4.3 and 1.4.11), 1 to 21.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import atan2, cos, degrees, hypot, radians, sin
from re import fullmatch

TEXT = 4.5
INTERFACE = 3.0
STEP = 0.004


@dataclass(frozen=True)
class Lch:
    lightness: float
    chroma: float
    hue: float


@dataclass(frozen=True)
class Scheme:
    """The fixed colours that an accent must stand against; the same as in frontend/styles/tokens.css."""

    name: str
    paper: str
    surface: str
    sunken: str
    ink: str
    ink_2: str
    dark: bool

    @property
    def grounds(self) -> tuple[str, str, str]:
        return self.paper, self.surface, self.sunken


@dataclass(frozen=True)
class Proof:
    """One pair that meets on the screen: what is seen, on what, the ratio it has and the least it must have."""

    seen: str
    ground: str
    ratio: float
    least: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.least


LIGHT = Scheme("light", "#fbfaf6", "#ffffff", "#f2f0e9", "#1d2026", "#545963", dark=False)
DARK = Scheme("dark", "#15171b", "#1d2025", "#101215", "#ecebe6", "#b3b6bd", dark=True)


def parse_accent(accent: str) -> str:
    """The colour in six lower-case digits; ValueError when it is not "#rgb" or "#rrggbb"."""
    value = accent.strip().lower()
    if fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(digit * 2 for digit in value[1:])
    if not fullmatch(r"#[0-9a-f]{6}", value):
        raise ValueError(f"not a colour: {accent!r}")
    return value


def _linear(colour: str) -> tuple[float, float, float]:
    def channel(at: int) -> float:
        part = int(colour[at : at + 2], 16) / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return channel(1), channel(3), channel(5)


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0 for black to 1 for white."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def to_lch(colour: str) -> Lch:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Lch(lightness, hypot(a, b), degrees(atan2(b, a)) % 360)


def _channels(lch: Lch) -> tuple[float, float, float]:
    a, b = lch.chroma * cos(radians(lch.hue)), lch.chroma * sin(radians(lch.hue))
    long = (lch.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lch.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lch.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _fits(channels: Iterable[float]) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in channels)


def _encoded(channel: float) -> int:
    clipped = min(max(channel, 0.0), 1.0)
    curved = 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
    return round(curved * 255)


def to_hex(lch: Lch) -> str:
    """The nearest colour a screen can show: lightness and hue kept, chroma given up as far as needed."""
    low, high = 0.0, lch.chroma
    if not _fits(_channels(lch)):
        for _ in range(12):
            middle = (low + high) / 2
            if _fits(_channels(Lch(lch.lightness, middle, lch.hue))):
                low = middle
            else:
                high = middle
        high = low
    return "#" + "".join(f"{_encoded(channel):02x}" for channel in _channels(Lch(lch.lightness, high, lch.hue)))


def _at(base: Lch, lightness: float, chroma: float | None = None) -> str:
    """The base colour at another lightness. A darkened yellow turns towards ochre, or it would look like mud."""
    fall = min(max(base.lightness - lightness, 0.0), 0.4)
    hue = base.hue - 70 * fall if 75 <= base.hue <= 118 else base.hue
    return to_hex(Lch(lightness, base.chroma if chroma is None else chroma, hue))


def reach(base: Lch, start: float, darker: bool, grounds: Iterable[str], least: float) -> str:
    """The first colour from lightness `start`, going darker or lighter, whose contrast with every ground is enough.

    At the end of the road it is black or white, which stands against any ground used here.
    """
    against = tuple(grounds)
    lightness = start
    while 0 < lightness < 1:
        colour = _at(base, lightness)
        if all(contrast(colour, ground) >= least for ground in against):
            return colour
        lightness += -STEP if darker else STEP
    return "#000000" if darker else "#ffffff"


def tints(accent: str, scheme: Scheme) -> dict[str, str]:
    """The custom properties of one scheme, by name without dashes. ValueError when the accent is no colour."""
    brand = parse_accent(accent)
    seen = to_lch(brand)
    base = Lch(seen.lightness, min(seen.chroma, 0.13 if scheme.dark else 0.2), seen.hue)
    darker = not scheme.dark
    if scheme.dark:
        tint = _at(base, 0.27, min(base.chroma, 0.035))
        on_accent, start = scheme.paper, min(max(base.lightness, 0.74), 0.9)
    else:
        tint = _at(base, 0.962, min(base.chroma, 0.022))
        on_accent, start = "#ffffff", min(max(base.lightness, 0.3), 0.62)
    fill = reach(base, start, darker, (on_accent, scheme.sunken), TEXT)
    further = to_lch(fill).lightness + (-0.09 if darker else 0.07)
    return {
        "accent-brand": brand,
        "accent": fill,
        "accent-strong": reach(base, min(max(further, 0.02), 0.96), darker, (on_accent,), TEXT),
        "accent-ink": reach(base, start, darker, (*scheme.grounds, tint), TEXT),
        "accent-tint": tint,
        "accent-line": reach(base, start, darker, (*scheme.grounds, tint), INTERFACE),
        "on-accent": on_accent,
        "focus": reach(base, start, darker, (*scheme.grounds, tint), INTERFACE),
    }


def proofs(accent: str, scheme: Scheme) -> Iterator[Proof]:
    """Every pair of colours that the stylesheet lets meet, with its ratio; all of them hold for any accent."""
    found = tints(accent, scheme)
    grounds = (*scheme.grounds, found["accent-tint"])

    def pair(seen: str, ground: str, least: float) -> Proof:
        return Proof(seen, ground, contrast(seen, ground), least)

    yield from (pair(found["on-accent"], found[fill], TEXT) for fill in ("accent", "accent-strong"))
    yield from (pair(found["accent-ink"], ground, TEXT) for ground in grounds)
    yield from (pair(ink, found["accent-tint"], TEXT) for ink in (scheme.ink, scheme.ink_2))
    yield from (pair(found[mark], ground, INTERFACE) for mark, ground in product(("accent-line", "focus"), grounds))
    yield from (pair(found["accent"], ground, INTERFACE) for ground in scheme.grounds)


def _rule(found: dict[str, str]) -> str:
    return ":root{" + ";".join(f"--{name}:{value}" for name, value in found.items()) + "}"


def theme_css(accent: str) -> str:
    """An authority's stylesheet, for both schemes and the screen only: a printed page stays black on white."""
    light, dark = _rule(tints(accent, LIGHT)), _rule(tints(accent, DARK))
    return f"@media screen{{{light}}}\n@media screen and (prefers-color-scheme:dark){{{dark}}}\n"
