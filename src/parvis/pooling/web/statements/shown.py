from fractions import Fraction

from parvis.kit.money import NO_BREAK


def exact(share: str) -> Fraction:
    """Of "numerator/denominator", as it is kept."""
    return Fraction(share)


def spaced(siret: str) -> str:
    return NO_BREAK.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))
