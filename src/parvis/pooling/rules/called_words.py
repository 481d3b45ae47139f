"""Why a statement calls this amount: what is due at this stage of the year, less what was called before."""

from parvis.kit.money import NARROW, NO_BREAK, euros
from parvis.pooling.rules.split import Amounts
from parvis.pooling.rules.words import ratio


def called_words(wanted: Amounts, called: Amounts, rank: int, count: int) -> list[str]:
    """`wanted` is due of a part by instalment `rank` of `count`, 0 for the closing; `called` was before."""
    due = Amounts(wanted.ht - called.ht, wanted.vat - called.vat)
    before = f"Déjà appelé{NARROW}: {_both(called)}." if called.ht or called.vat else "Rien n’en était encore appelé."
    sign = -1 if due.ttc < 0 else 1
    verb = "rend" if sign < 0 else "appelle"
    size = Amounts(sign * due.ht, sign * due.vat)
    return [
        f"{_stage(rank, count)}{NARROW}: {_both(wanted)}.",
        before,
        f"Ce relevé {verb} la différence{NARROW}: {euros(size.ht)} HT{NO_BREAK}+ {euros(size.vat)} de TVA "
        f"= {euros(size.ttc)} TTC.",
    ]


def _stage(rank: int, count: int) -> str:
    if not rank:
        return "Solde, toute cette part est due"
    if rank == count:
        return f"Acompte {rank} sur {count}, toute cette part est due à ce stade"
    return f"Acompte {rank} sur {count}, {ratio(rank, count)} de cette part est dû à ce stade, au centime près"


def _both(amounts: Amounts) -> str:
    return f"{euros(amounts.ht)} HT et {euros(amounts.vat)} de TVA"
