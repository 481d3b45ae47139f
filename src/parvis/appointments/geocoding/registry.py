from django.conf import settings

from parvis.appointments.geocoding.national import NationalGeocoder
from parvis.appointments.geocoding.port import Geocoder
from parvis.appointments.geocoding.stand_in import CommuneFinder


def geocoder() -> Geocoder:
    """The national address service where its address is configured, else the names of our communes."""
    return NationalGeocoder(settings.GEOCODING_URL) if settings.GEOCODING_URL else CommuneFinder()
