from django.conf import settings

from parvis.appointments.coordination.national import NationalCoordination
from parvis.appointments.coordination.port import Coordination


def coordination() -> Coordination | None:
    """The service, or None where none is configured: numbers are then said not checked.

    In the demo and the tests the settings lead the same client to the stand-in (site/web/local_coordination.py).
    """
    if not settings.ANTS_COORDINATION_URL:
        return None
    return NationalCoordination(settings.ANTS_COORDINATION_URL, settings.ANTS_COORDINATION_TOKEN)
