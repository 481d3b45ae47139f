from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.appointments.links import management_url
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.selectors.checklist import checklist
from parvis.appointments.words import place_address
from parvis.authorities.facade import authority
from parvis.kit import clock, icalendar

ALARM = timedelta(days=1)


def calendar_file(booking: Booking) -> bytes:
    """An appointment of the authority in scope for a person's own calendar. Joined to a letter or downloaded, it is
    the same event: a move replaces it, a cancelled booking takes it away.
    """
    place, url = booking.place, management_url(booking)
    lines = [one.text for one in checklist(booking)]
    bring = "\n".join([_("À apporter\u202f:"), *(f"- {one}" for one in lines), ""]) if lines else ""
    return icalendar.event(
        uid=f"{booking.id}@{urlsplit(settings.PUBLIC_URL).hostname}",
        start=booking.starts_at,
        end=booking.ends_at,
        summary=_("Rendez-vous\u202f: {reason}, {place}").format(reason=booking.reason.label, place=place.name),
        description=bring + _("Déplacer ou annuler\u202f: {url}").format(url=url),
        location=place_address(place),
        url=url,
        organizer_name=authority(booking.authority_id).name,
        organizer_email=place.email or settings.DEFAULT_FROM_EMAIL,
        sequence=booking.version,
        cancelled=booking.state in {BookingState.CANCELLED, BookingState.DISPLACED},
        stamp=clock.now(),
        geo=(place.latitude, place.longitude),
        alarm_before=ALARM,
    )
