"""The year of the demo's group: two committees, what is called from the members, and a village that wants to come."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from parvis.kit import clock
from parvis.site.demo import cast
from parvis.site.demo.events import Event
from parvis.site.demo.pooling_verbs import (
    Came,
    CommitteeMeeting,
    Membership,
    Statement,
    call_instalment,
    call_meeting,
    decide,
    file_minutes,
    note_payment,
    notify_membership,
    plan_meeting,
    propose_membership,
    record_attendance,
    state_need,
)
from parvis.site.demo.sharing import Sharing

_AGENDA = ("Consommation de l’accord-cadre", "Commandes annoncées", "Parts de l’année", "Projets à venir")


def year_events(sharing: Sharing) -> Iterator[Event]:
    """One committee held and minuted, one called; a first instalment, part of it paid; one membership to answer."""
    at, whole, village = sharing.at, sharing.whole, sharing.where.village
    hall = "Salle du conseil, siège de l’agglomération"
    yield at(-57, whole, partial(_plan, sharing, "Comité de pilotage d’automne", -37, hall))
    yield at(-56, whole, partial(_call, sharing))
    yield at(-34, whole, partial(_hold, sharing))
    yield at(-31, whole, partial(_minute, sharing))
    yield at(-7, whole, partial(_plan, sharing, "Comité de pilotage d’hiver", 12, "Mairie annexe, salle 2"))
    yield at(-6, whole, partial(_call, sharing))
    yield at(-35, whole, partial(_call_instalment, sharing))
    yield at(-8, whole, partial(_receive_payments, sharing))
    yield at(-13, whole, partial(_invite, sharing))
    yield at(-4, village, partial(_apply, sharing))


def _plan(sharing: Sharing, title: str, days: int, place: str) -> None:
    meets_at = (sharing.now + timedelta(days=days)).astimezone(clock.PARIS).replace(hour=14, minute=0, second=0)
    plan_meeting(sharing.group_id, title, meets_at, place, _AGENDA, actor_id=sharing.coordinator_id)


def _meeting() -> CommitteeMeeting:
    found: CommitteeMeeting = CommitteeMeeting.objects.order_by("-meets_at")[0]
    return found


def _call(sharing: Sharing) -> None:
    call_meeting(_meeting().id, actor_id=sharing.coordinator_id)


def _hold(sharing: Sharing) -> None:
    meeting = _meeting()
    everybody = Membership.objects.filter(group_id=sharing.group_id).values_list("member_id", flat=True)
    came = {one: Came("present", "l’adjointe au numérique") for one in everybody}
    came[sharing.latecomer.id] = Came("excused")
    record_attendance(meeting.id, came, actor_id=sharing.coordinator_id)
    text = "Ouvrir aux familles, avant l’été, l’inscription en ligne aux activités d’été."
    decide(meeting.id, "project", text, actor_id=sharing.coordinator_id)


def _minute(sharing: Sharing) -> None:
    text = (
        "La consommation est présentée, ainsi que les parts de l’année. Le comité retient le projet d’inscription"
        " aux activités d’été et garde la clé de répartition telle qu’elle est."
    )
    file_minutes(_meeting().id, text, actor_id=sharing.coordinator_id)


def _call_instalment(sharing: Sharing) -> None:
    """Of the year in which the yearly order was issued."""
    year = sharing.start.year + 1
    call_instalment(sharing.group_id, year, 1, actor_id=sharing.coordinator_id)


def _receive_payments(sharing: Sharing) -> None:
    """The two largest debtors have paid."""
    who = sharing.agents[cast.FINANCE_AGENT]
    for one in Statement.objects.filter(group_id=sharing.group_id).order_by("-ttc_cents")[:2]:
        note_payment(one.id, one.ttc_cents, sharing.day(-9), reference="P503", actor_id=who)


def _invite(sharing: Sharing) -> None:
    propose_membership(sharing.group_id, sharing.where.village.id, actor_id=sharing.coordinator_id)


def _apply(sharing: Sharing) -> None:
    village, who = sharing.where.village, sharing.agents[cast.VILLAGE_REFERENT]
    state_need(
        sharing.group_id,
        label="Location de la salle des fêtes, en ligne",
        kind="acquisition",
        unit="téléservice",
        estimated_cents=735_000,
        wanted_on=sharing.day(120),
        actor_id=who,
    )
    row = Membership.objects.get(group_id=sharing.group_id, member_id=village.id)
    notify_membership(
        row.id,
        decision=f"DEL-{sharing.now.year}-31",
        decided_on=sharing.day(-9),
        stream=sharing.paper(f"Délibération {village.of_name}", "La commune rejoint le groupement."),
        name="deliberation.pdf",
        actor_id=who,
    )
