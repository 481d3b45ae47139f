"""From exact shares to whole cents that make the very total (largest remainders)."""

from collections.abc import Mapping
from fractions import Fraction
from math import lcm


def apportion(
    total_cents: int, weights: Mapping[str, int | Fraction], populations: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Cents of each siren, in proportion to its weight; they make `total_cents` exactly.

    Each part is cut to the cent below, then the spare cents go one by one to the largest remainders; between equal
    remainders to the larger population (unknown: 0), then to the lower siren. A negative total is the exact mirror of
    the positive one. Who weighs zero gets zero. Raises ValueError for a negative weight, or when all weigh zero.
    """
    whole_weights = _integers(weights)
    whole = sum(whole_weights.values())
    if whole <= 0 or min(whole_weights.values()) < 0:
        raise ValueError("weights are positive, and somebody has one")
    size = abs(total_cents)
    parts: dict[str, int] = {}
    remainders: list[tuple[int, int, str]] = []
    for siren in sorted(whole_weights):
        parts[siren], rest = divmod(size * whole_weights[siren], whole)
        if rest:
            remainders.append((-rest, -(populations or {}).get(siren, 0), siren))
    spare = size - sum(parts.values())
    for _, _, siren in sorted(remainders)[:spare]:
        parts[siren] += 1
    return parts if total_cents >= 0 else {siren: -cents for siren, cents in parts.items()}


def _integers(weights: Mapping[str, int | Fraction]) -> dict[str, int]:
    """The same proportions without fractions."""
    common = lcm(*(weight.denominator for weight in weights.values()))
    return {siren: weight.numerator * (common // weight.denominator) for siren, weight in weights.items()}
