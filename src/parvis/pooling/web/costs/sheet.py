"""The shares of a year as a sheet: one line a cost and member, its fraction and its cents."""

from datetime import timedelta

from parvis.kit.sheets import decimal_comma, sheet
from parvis.pooling.selectors.shares import SharedCost, YearShares
from parvis.pooling.web.costs.words import kind_label, state_words

ONE_DAY = timedelta(days=1)
HEADER = (
    "Année", "Coût", "Nature", "Du", "Au", "État", "Payé au titulaire par", "Clé", "Membre", "SIREN", "Part exacte",
    "HT", "TVA", "TTC",
)  # fmt: skip


def shares_csv(shares: YearShares) -> str:
    """Costs without a split have one line without amounts."""
    owners = {one.id: one.name for one in shares.members.values()}
    rows = (row for one in shares.costs for row in _rows(shares, one, owners.get(one.item.authority_id, "")))
    return sheet([HEADER, *rows])


def _rows(shares: YearShares, one: SharedCost, owner: str) -> list[list[str]]:
    item = one.item
    start = [
        str(shares.year), item.label, kind_label(item.kind), str(item.from_on), str(item.until_on - ONE_DAY),
        state_words(item)[0], owner,
    ]  # fmt: skip
    if one.split is None:
        return [[*start, "", "", "", one.problem, "", "", ""]]
    keys = " ; ".join(dict.fromkeys(f"{part.key.name}, version {part.key.version}" for part in one.split.slices))
    return [
        [*start, keys, shares.members[siren].name if siren in shares.members else shares.book.name(siren), siren,
         str(share), *map(decimal_comma, (one.split.ht[siren], one.split.vat[siren], one.split.ttc[siren]))]
        for siren, share in one.split.shares.items()
    ]  # fmt: skip
