"""Calling money over time: instalments, the closing line, the credit that undoes a split."""

from collections.abc import Iterable
from dataclasses import replace

from parvis.pooling.rules.split import Split


def instalments(total_cents: int, count: int) -> tuple[int, ...]:
    """Equal calls that make the total exactly; the spare cents go to the first ones. Raises ValueError below one."""
    if count < 1:
        raise ValueError("at least one instalment")
    each, spare = divmod(abs(total_cents), count)
    sign = 1 if total_cents >= 0 else -1
    return tuple(sign * (each + (place < spare)) for place in range(count))


def closing(final_cents: int, called: Iterable[int]) -> int:
    """What remains to be called, negative when it is given back: final − called."""
    return final_cents - sum(called)


def credit(split: Split, cost_id: str, label: str) -> Split:
    """The credit note of a whole split: the same shares, each amount with the opposite sign."""
    cost = split.cost
    vat = None if cost.vat_cents is None else -cost.vat_cents
    return replace(
        split,
        cost=replace(cost, id=cost_id, label=label, ht_cents=-cost.ht_cents, vat_cents=vat),
        ht={siren: -cents for siren, cents in split.ht.items()},
        vat={siren: -cents for siren, cents in split.vat.items()},
    )
