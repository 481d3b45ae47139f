"""What happens alone: holds that run out, openings of the new last day."""

from procrastinate.contrib.django import app

from parvis.appointments.models import Agenda, Occupancy
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.send_links import send_links
from parvis.kit import clock, scope


@app.periodic(cron="* * * * *")
@app.task(name="appointments.expire_holds", queueing_lock="appointments.expire_holds")
def expire(timestamp: int) -> None:
    """In each authority that has a hold past its hour."""
    over = Occupancy.objects.filter(held_until__lte=clock.now()).values_list("authority_id", flat=True)
    for authority_id in set(over):
        with scope.authority(authority_id):
            expire_holds()


@app.periodic(cron="20 1 * * *")
@app.task(name="appointments.extend_openings", queueing_lock="appointments.extend_openings")
def extend(timestamp: int) -> None:
    """The day that the horizon has just reached gets its openings; those of a new school calendar too."""
    for agenda in Agenda.objects.filter(active=True).select_related("place"):
        with scope.authority(agenda.authority_id):
            materialise_openings(agenda)


@app.task(name="appointments.send_links")
def links(email: str) -> None:
    send_links(email)
