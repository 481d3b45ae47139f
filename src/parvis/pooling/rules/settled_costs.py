"""What each cost of an order really came to, where what was paid leaves no doubt."""

from collections.abc import Mapping

from parvis.pooling.rules.rounding import apportion


def settled(estimates: Mapping[str, tuple[int, int]], ht_cents: int, vat_cents: int) -> dict[str, tuple[int, int]]:
    """By cost, the amounts paid excluding VAT and of VAT, in cents; they make `ht_cents` and `vat_cents` exactly.

    `estimates`: the same, foreseen. One cost alone takes all; several take their estimates when these make what was
    paid, a cent of VAT more or less being shared. Otherwise nobody can tell which cost changed: empty, an agent says.
    """
    if len(estimates) == 1:
        return dict.fromkeys(estimates, (ht_cents, vat_cents))
    hts = {key: ht for key, (ht, _vat) in estimates.items()}
    vats = {key: vat for key, (_ht, vat) in estimates.items()}
    if not estimates or sum(hts.values()) != ht_cents:
        return {}
    paid = apportion(vat_cents, vats) if any(vats.values()) else dict.fromkeys(vats, 0)
    return {key: (hts[key], paid[key]) for key in estimates} if sum(paid.values()) == vat_cents else {}
