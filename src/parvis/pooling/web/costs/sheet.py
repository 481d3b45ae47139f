"""The shares of a year as a sheet: one line a cost and member, its fraction and its cents."""

import csv
import io
from datetime import timedelta

from parvis.pooling.selectors.shares import SharedCost, YearShares
from parvis.pooling.web.costs.words import kind_label, state_words

ONE_DAY = timedelta(days=1)
HEADER = (
    "Année", "Coût", "Nature", "Du", "Au", "État", "Payé au titulaire par", "Clé", "Membre", "SIREN", "Part exacte",
    "HT", "TVA", "TTC",
)  # fmt: skip


def shares_csv(shares: YearShares) -> str:
    """Semicolons and decimal commas, as French sheets expect; costs without a split have one line without amounts."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    owners = {one.id: one.name for one in shares.members.values()}
    for one in shares.costs:
        for row in _rows(shares, one, owners.get(one.item.authority_id, "")):
            writer.writerow([_no_formula(cell) for cell in row])
    return out.getvalue()


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
         str(share), *map(_amount, (one.split.ht[siren], one.split.vat[siren], one.split.ttc[siren]))]
        for siren, share in one.split.shares.items()
    ]  # fmt: skip


def _amount(cents: int) -> str:
    sign, size = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{size // 100},{size % 100:02d}"


def _no_formula(cell: str) -> str:
    """A sheet reads no formula in what somebody wrote; amounts stay numbers."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@") or (cell[:1] == "-" and not cell[1:2].isdigit()) else cell
