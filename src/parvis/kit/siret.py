from parvis.kit.money import NO_BREAK

SIREN_LENGTH = 9


def spaced_siret(number: str) -> str:
    """732 829 320 00074, or a SIREN, 732 829 320; with no-break spaces."""
    return NO_BREAK.join(filter(None, (number[:3], number[3:6], number[6:9], number[9:])))


def siret_words(number: str) -> str:
    """SIRET 732 829 320 00074, SIREN 732 829 320, or nothing."""
    return f"{'SIRET' if len(number) > SIREN_LENGTH else 'SIREN'}{NO_BREAK}{spaced_siret(number)}" if number else ""
