"""Days, hours, distances and lengths as the public reads them."""

from datetime import date, timedelta

import pytest

from parvis.appointments.rules.paris import midnight
from parvis.appointments.web.public import words
from tests.appointments.agenda_world import MONDAY, at

HERE = (47.75, 7.34)


pytestmark = pytest.mark.usefixtures("monday_morning")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (words.km_words(0.64), "à moins de 1 km"),
        (words.short_day_words(date(2026, 11, 26)), "jeu. 26 nov."),
        (words.short_day_words(date(2027, 7, 1)), "jeu. 1er juill."),
        (words.km_words(2.44), "à 2,4 km"),
        (words.km_words(6.0), "à 6 km"),
        (words.km_words(402.7), "à 403 km"),
        (words.length_words(40), "40 minutes"),
        (words.length_words(60), "1 h"),
        (words.length_words(95), "1 h 35"),
        (words.in_city("Mulhouse"), "à Mulhouse"),
        (words.in_city("Le Havre"), "au Havre"),
        (words.direction_words(HERE, (47.75, 7.5), 12), "à l’est"),
        (words.direction_words(HERE, (47.7, 7.27), 8), "au sud-ouest"),
        (words.direction_words(HERE, (47.751, 7.34), 0.2), ""),
    ],
    ids=lambda value: plain(value) or "nothing",
)
def test_words(shown: str, said: str) -> None:
    assert plain(shown) == said


def test_days_in_words() -> None:
    assert plain(words.slot_words(at(MONDAY, "9:00"))) == "aujourd’hui à 9 h 00"
    assert words.day_words(date(2027, 1, 1)) == "vendredi 1er janvier 2027"
    assert words.span_words(date(2026, 12, 28), date(2027, 1, 3)) == "du 28 décembre au 3 janvier 2027"
    half_day = words.closure_words(at(MONDAY, "14:00"), at(MONDAY, "17:00"))
    assert plain(half_day) == "Fermé le lundi 23 novembre, de 14 h 00 à 17 h 00"
    whole_day = words.closure_words(midnight(MONDAY), midnight(MONDAY + timedelta(days=1)))
    assert whole_day == "Fermé le lundi 23 novembre"
