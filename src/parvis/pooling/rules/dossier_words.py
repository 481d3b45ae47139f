"""Figures of the committee's dossier as sentences, the same on the page and on paper."""

from parvis.kit.money import NARROW, NO_BREAK, euros
from parvis.pooling.rules.ceiling import Minimum
from parvis.pooling.rules.forecast import Forecast
from parvis.pooling.rules.words import day, several


def tenth(part: int, whole: int) -> str:
    """« 12,3 % » of a whole, cut to a tenth: 100 only when it is all of it."""
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10},{tenths % 10}{NO_BREAK}%"


def earlier_words(cents: int) -> str:
    """What was ordered before the contract was taken up; empty for nothing."""
    return f"Dont {euros(cents)} commandés avant Parvis, non répartis entre les membres." if cents else ""


def forecast_words(seen: Forecast, ends_on_words: str) -> str:
    """Where the framework is going, in one sentence."""
    if seen.exhausted_on is not None:
        return f"À ce rythme, le maximum est atteint le {day(seen.exhausted_on)}, avant le terme."
    return f"À ce rythme, {euros(seen.at_term_cents)} seront commandés au terme, le {ends_on_words}."


def forecast_why(seen: Forecast) -> tuple[str, ...]:
    """How it was found."""
    lines = [
        f"{euros(seen.window_cents)} commandés en {several(seen.window_days, 'jour')}, depuis le "
        f"{day(seen.window_from)}{NARROW}: environ {euros(seen.per_month_cents)} par mois, prolongés en ligne droite."
    ]
    if seen.earlier_cents:
        lines.append(
            f"{euros(seen.earlier_cents)} en étaient commandés avant Parvis, sans le jour de chaque commande{NARROW}: "
            "le rythme est donc celui de toute la vie du contrat."
        )
    if seen.announced_cents:
        lines.append(f"Les commandes annoncées, {euros(seen.announced_cents)}, sont comptées tout de suite.")
    if not seen.steady:
        lines.append("Il y a encore trop peu de recul pour que cette prévision soit sûre.")
    return tuple(lines)


def minimum_words(seen: Minimum) -> str:
    """What the minimum still wants; empty when the group owes none."""
    if not seen.min_cents:
        return ""
    if not seen.missing_cents:
        return f"Le minimum de {euros(seen.min_cents)} est atteint."
    risk = f" À ce rythme, il manquera {euros(seen.missing_at_term_cents)}." if seen.missing_at_term_cents else ""
    wanted = f"Il reste {euros(seen.missing_cents)} à commander pour atteindre le minimum de {euros(seen.min_cents)}."
    return wanted + risk
