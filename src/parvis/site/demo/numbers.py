"""SIRET numbers with a valid key: for town halls, whose NIC we do not know, and for companies that do not exist."""

# Invented for the demo: the real NIC of each town hall is not in our source.
TOWN_HALL_NIC = "9900"
# To our knowledge no SIREN begins with three zeros: these companies cannot be mistaken for real ones.
INVENTED_SIREN = "00076"


def with_key(digits: str) -> str:
    """The digits and the one that makes their Luhn sum a multiple of ten."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def town_hall_siret(siren: str) -> str:
    """The real SIREN with an invented NIC. The SIREN (9 digits) keeps its own key."""
    return with_key(siren + TOWN_HALL_NIC)


def company_siret(rank: int) -> str:
    """The SIRET of the invented company number `rank` (0 to 999)."""
    return with_key(with_key(f"{INVENTED_SIREN}{rank:03d}") + "0001")
