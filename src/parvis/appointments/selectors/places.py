"""Places, agendas and reasons as every page shows them. Public: no scope is needed."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef

from parvis.appointments.contracts import PlaceView, ReasonView
from parvis.appointments.models import HoursException, Place, Reason, WeeklyHours
from parvis.authorities.facade import authorities

# Nothing is shown of an agenda before somebody has written its hours, or opened it once.
_OPENED = Exists(WeeklyHours.objects.filter(resource__agenda=OuterRef("agenda"))) | Exists(
    HoursException.objects.filter(resource__agenda=OuterRef("agenda"), closed=False)
)


def places(
    *, authority_id: UUID | None = None, ids: Iterable[UUID] | None = None, national: bool = False
) -> list[PlaceView]:
    """The active places that have an active agenda with its hours and a reason to come, by city then name."""
    offered = Reason.objects.filter(_OPENED, agenda__place=OuterRef("id"), active=True, agenda__active=True)
    found = Place.objects.filter(Exists(offered), active=True)
    if authority_id is not None:
        found = found.filter(authority_id=authority_id)
    if ids is not None:
        found = found.filter(id__in=list(ids))
    if national:
        found = found.filter(national=True)
    houses = {one.id: one for one in authorities()}
    return [
        PlaceView(
            id=p.id, authority_id=p.authority_id, authority_slug=houses[p.authority_id].slug,
            authority_name=houses[p.authority_id].name, name=p.name, address=p.address, postcode=p.postcode,
            city=p.city, latitude=p.latitude, longitude=p.longitude, has_lift=p.has_lift, access=p.access,
            phone=p.phone, email=p.email, website=p.website, national=p.national,
        )
        for p in found.order_by("city", "name")
    ]  # fmt: skip


def reasons(*, code: str | None = None, place_ids: Iterable[UUID] | None = None) -> list[ReasonView]:
    """The active reasons, in the order that their places chose."""
    found = Reason.objects.filter(_OPENED, active=True, agenda__active=True, agenda__place__active=True)
    if code is not None:
        found = found.filter(code=code)
    if place_ids is not None:
        found = found.filter(agenda__place_id__in=list(place_ids))
    return [
        ReasonView(
            id=r.id, agenda_id=r.agenda_id, place_id=r.agenda.place_id, code=r.code, label=r.label, minutes=r.minutes,
            minutes_more=r.minutes_more, max_persons=r.max_persons, collective=r.agenda.collective,
        )
        for r in found.select_related("agenda").order_by("rank", "label")
    ]  # fmt: skip
