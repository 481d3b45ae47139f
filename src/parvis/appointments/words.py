"""What letters and pages say in the same words."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.appointments.contracts import PlaceView
from parvis.appointments.models import Place
from parvis.kit.jinja import date_long, hour
from parvis.kit.money import NO_BREAK


def persons_words(count: int) -> str:
    return ngettext("{count} personne", "{count} personnes", count).format(count=count).replace(" ", NO_BREAK)


def moment_words(at: datetime) -> str:
    """lundi 23 novembre 2026 à 9 h 10, in Paris."""
    return _("{day} à {hour}").format(day=date_long(at), hour=hour(at))


def place_named(place: Place | PlaceView) -> str:
    """Mairie annexe (Valbruche), or the name alone where it says the town."""
    return place.name if place.city in place.name else f"{place.name} ({place.city})"


def place_address(place: Place) -> str:
    return f"{place.name}, {place.address}, {place.postcode} {place.city}"
