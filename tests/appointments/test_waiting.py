"""Those who wait: their address says yes first; a freed slot is shown to five of them; the first one has it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client

from parvis.appointments import tasks
from parvis.appointments.models import Booking, BookingState, Occupancy, Offer, Reason, Source, Waiting, WaitingState
from parvis.appointments.rules.waiting import own_code
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.join_waiting import Wish, confirm_waiting, join_waiting
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.services.offer_freed import offer_freed
from parvis.appointments.services.release_hold import release_hold
from parvis.appointments.services.take_offer import take_offer
from parvis.appointments.services.waiting_links import offer_key, waiting_key
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.notifications import facade as notifications
from tests.appointments.agenda_world import MONDAY, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = pytest.mark.django_db
DAY = MONDAY + timedelta(days=7)
START = at(DAY, "9:10")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.frozen_at(at(MONDAY, "10:00")):
        yield


@pytest.fixture
def whole() -> Authority:
    return an_authority("les-vals", name="Agglomération des Vals", kind="agglomeration")


@pytest.fixture
def reason(whole: Authority) -> Reason:
    """One desk of another authority than the one that keeps the list, so that a full hour is full."""
    return a_reason(an_agenda(a_place(an_authority()), desks=1, lead_minutes=120))


def someone(name: str, minutes: int = 0, **fields: Any) -> Waiting:
    """Waits since `minutes` after the others, confirmed; `fields` of Wish, or `phone`."""
    phone = fields.pop("phone", "")
    base: dict[str, Any] = {
        "code": "id-card", "persons": 1, "place_ids": (), "after": MONDAY, "before": DAY + timedelta(days=30),
    }  # fmt: skip
    with clock.frozen_at(clock.now() - timedelta(days=1) + minutes * MINUTE):
        made = join_waiting(Wish(**{**base, **fields}), f"{name}@exemple.test", phone)
        return confirm_waiting(made.id)


def crowd(number: int, **fields: Any) -> list[Waiting]:
    return [someone(f"p{rank}", rank, **fields) for rank in range(number)]


def cancelled(reason: Reason, start: datetime = START, persons: int = 1) -> Booking:
    """A booking that somebody gives back, and the job that follows."""
    booking = a_booking(reason, start, persons)
    with scope.authority(reason.authority_id):
        cancel_booking(booking)
    tasks.offer(str(booking.authority_id), str(booking.id))
    return booking


def offers(whole: Authority) -> list[Offer]:
    with scope.authority(whole.id):
        return list(Offer.objects.select_related("waiting").order_by("created_at", "waiting__created_at"))


def told(whole: Authority) -> list[str]:
    return [one.waiting.email.split("@")[0] for one in offers(whole)]


def held(reason: Reason) -> list[Booking]:
    with scope.authority(reason.authority_id):
        found = Booking.objects.filter(source=Source.WAITING, state=BookingState.HELD, held_until__gt=clock.now())
        return list(found.order_by("starts_at"))


def is_free(reason: Reason, start: datetime = START, persons: int = 1) -> bool:
    return bool(free_slots([reason.id], persons, start, start + MINUTE))


def wait_of(one: Waiting, whole: Authority) -> Waiting:
    with scope.authority(whole.id):
        return Waiting.objects.get(id=one.id)


def finish(booking: Booking) -> Booking:
    """Somebody writes who comes, and confirms."""
    with scope.authority(booking.authority_id):
        for rank in range(1, booking.persons + 1):
            booking.people.create(rank=rank, first_name="Camille", last_name="Essai", application_id=f"PRISE{rank:05d}")
        return confirm_booking(booking)


# Joining, by the pages.


def join(client: Client, **fields: Any) -> Any:
    base = {
        "motif": "id-card", "personnes": "1", "apres": "2026-11-24", "avant": "2026-12-19",
        "email": "Camille@exemple.test",
    }  # fmt: skip
    return client.post("/rendez-vous/attente/", {**base, **fields})


def the_link(words: str = "/attente/") -> str:
    letter = next(one for one in notifications.messages() if words in one.text)
    return urlsplit(next(word for word in letter.text.split() if words in word)).path


def test_an_address_says_yes_before_anything_is_offered(client: Client, whole: Authority, reason: Reason) -> None:
    answer = join(client, phone="06 39 98 00 01")
    assert answer.status_code == 302
    assert "camille@exemple.test" in client.get(answer["Location"]).content.decode()
    cancelled(reason)
    assert offers(whole) == []
    link = the_link()
    page = client.get(link).content.decode()
    assert "Oui, me prévenir" in page
    with scope.authority(whole.id):
        assert Waiting.objects.get().confirmed_at is None, "a GET says nothing: mail filters follow links"
    assert client.post(link, {"geste": "confirmer"}, follow=True).status_code == 200
    cancelled(reason, START + 20 * MINUTE)
    assert told(whole) == ["camille"]
    (offer,) = offers(whole)
    assert offer.waiting.phone == "+33639980001"


def test_the_search_fills_the_form_and_the_letter_says_what_was_asked(
    client: Client, whole: Authority, reason: Reason
) -> None:
    other = a_place(an_authority("illzach", name="Illzach"))
    a_reason(an_agenda(other))
    page = client.get(
        f"/rendez-vous/attente/?motif=id-card&personnes=2&lieux={other.id},{UUID(int=1)},x"
    ).content.decode()
    box = next(tag for tag in re.findall("<input[^>]*>", page) if str(other.id) in tag)
    assert "checked" in box
    assert page.count(" checked") == 1
    assert '<option value="2" selected>' in page
    join(client, personnes="2", lieux=[str(other.id)])
    text = notifications.messages()[0].text
    assert "Carte d’identité" in text
    assert "Mairie (Illzach)" in text
    assert "2\u00a0personnes" in text
    with scope.authority(whole.id):
        assert Waiting.objects.get().place_ids == [str(other.id)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"avant": "2026-11-20"}, "passée"),
        ({"apres": "2026-12-20"}, "vient avant le premier"),
        ({"avant": "2028-01-01"}, "un an au plus"),
        ({"email": "camille"}, "incomplète"),
        ({"phone": "03 89 00 00 00"}, "SMS"),
        ({"personnes": "9"}, "liste"),
    ],
    ids=["past", "reversed", "far", "address", "landline", "persons"],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Client, reason: Reason, fields: dict[str, str], words: str
) -> None:
    answer = join(client, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert notifications.messages() == []


def test_an_unknown_reason_leads_to_those_that_exist(client: Client, reason: Reason) -> None:
    answer = client.get("/rendez-vous/attente/?motif=own:rien")
    assert answer.status_code == 404
    assert "?motif=id-card" in answer.content.decode()


def test_nobody_fills_a_mailbox_from_here(client: Client, reason: Reason) -> None:
    codes = [join(client).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert len(notifications.messages()) == 5


def test_asking_twice_keeps_one_wish_and_its_rank(whole: Authority, reason: Reason) -> None:
    first, other, again = someone("p0", 0), someone("p1", 1), someone("p0", 2, persons=2)
    assert wait_of(first, whole).state == WaitingState.LEFT
    assert wait_of(again, whole).created_at < other.created_at


def test_a_wish_is_changed_and_left_by_its_link(client: Client, whole: Authority, reason: Reason) -> None:
    one = someone("p0")
    link = f"/rendez-vous/attente/{waiting_key(one.id)}/"
    wish = {"geste": "changer", "personnes": "2", "apres": "2026-12-01", "avant": "2026-12-05"}
    page = client.post(link, wish, follow=True).content.decode()
    assert "mardi 1er décembre 2026" in page
    assert wait_of(one, whole).persons == 2
    assert client.post(link, {**wish, "avant": "2026-11-01"}).status_code == 422
    page = client.post(link, {"geste": "arreter"}, follow=True).content.decode()
    assert "Vous n’attendez plus" in page
    cancelled(reason, at(date(2026, 12, 2), "9:10"), 2)
    assert offers(whole) == []


def test_a_cut_link_says_what_to_do(client: Client, whole: Authority) -> None:
    for path in ("attente/rien~faux", f"offre/{waiting_key(whole.id)}"):
        answer = client.get(f"/rendez-vous/{path}/")
        assert answer.status_code == 404
        assert "Attendre une place" in answer.content.decode()


# A freed slot.


def test_the_five_who_have_waited_longest_are_told_at_once(whole: Authority, reason: Reason) -> None:
    crowd(7)
    cancelled(reason)
    assert told(whole) == ["p0", "p1", "p2", "p3", "p4"]
    (hold,) = held(reason)
    assert hold.starts_at == START
    assert not is_free(reason)
    mail = notifications.messages()[0]
    assert "lundi 30 novembre 2026 à 9\u00a0h\u00a010" in mail.text
    assert "10\u00a0h\u00a020" in mail.text


def test_an_sms_goes_along_by_day_and_not_by_night(whole: Authority, reason: Reason) -> None:
    someone("p0", phone="+33639980001")
    cancelled(reason)
    (sms,) = [one for one in notifications.messages() if one.channel == "sms"]
    assert "/offre/" in sms.text
    assert notifications.segments(sms.text) <= 2
    with clock.frozen_at(at(MONDAY, "22:00")):
        cancelled(reason, START + 20 * MINUTE)
    assert len(offers(whole)) == 2
    assert len([one for one in notifications.messages() if one.channel == "sms"]) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "passport"},
        {"persons": 2},
        {"after": DAY + timedelta(days=1)},
        {"before": DAY - timedelta(days=1)},
        {"elsewhere": True},
    ],
    ids=["reason", "persons", "later", "earlier", "place"],
)
def test_only_whom_it_suits_is_told(whole: Authority, reason: Reason, fields: dict[str, Any]) -> None:
    a_reason(reason.agenda, "passport", minutes=40)
    other = a_place(an_authority("illzach"))
    a_reason(an_agenda(other))
    # The neighbours of the freed slot are taken: twenty minutes, no more.
    a_booking(reason, START - 20 * MINUTE, numbers=("AVANT00001",))
    a_booking(reason, START + 20 * MINUTE, numbers=("APRES00001",))
    someone("p0", **({"place_ids": (other.id,)} if fields.pop("elsewhere", False) else fields))
    cancelled(reason)
    assert offers(whole) == []
    assert is_free(reason)
    someone("p1", place_ids=(reason.agenda.place_id,))
    cancelled(reason)
    assert told(whole) == ["p1"]


def test_a_slot_too_near_is_offered_to_nobody(whole: Authority, reason: Reason) -> None:
    someone("p0")
    near = at(MONDAY, "11:10")
    booking = a_booking(reason, START)
    with scope.authority(reason.authority_id):
        move_booking(booking, near, by_desk=True)
        cancel_booking(booking)
    tasks.offer(str(booking.authority_id), str(booking.id))
    assert offers(whole) == []


def test_a_moved_booking_offers_the_hour_that_it_left(whole: Authority, reason: Reason) -> None:
    someone("p0")
    booking = a_booking(reason, START)
    with scope.authority(reason.authority_id):
        move_booking(booking, START + 40 * MINUTE)
    tasks.offer(str(booking.authority_id), str(booking.id), START.isoformat())
    assert [one.starts_at for one in offers(whole)] == [START]


def test_a_hold_that_was_nobodys_booking_is_not_offered(whole: Authority, reason: Reason) -> None:
    someone("p0")
    hold = a_hold(reason, START)
    with clock.frozen_at(clock.now() + 16 * MINUTE), scope.authority(reason.authority_id):
        expire_holds()
        release_hold(hold)
    tasks.offer_to_the_next(0)
    assert offers(whole) == []


def test_a_family_leaves_room_for_several(whole: Authority, reason: Reason) -> None:
    """An hour for three persons is three visits of one: five people are shown the first, the others the second."""
    a_booking(reason, at(DAY, "8:50"), numbers=("AVANT00001",))
    a_booking(reason, at(DAY, "10:10"), numbers=("APRES00001",))
    crowd(7)
    cancelled(reason, START, 3)
    assert [one.starts_at for one in offers(whole)] == [START] * 5 + [START + 20 * MINUTE] * 2
    assert told(whole) == [f"p{rank}" for rank in range(7)]
    assert is_free(reason, START + 40 * MINUTE), "nobody is left to wait for the third"


def test_needs_that_differ_are_shown_the_same_start(whole: Authority, reason: Reason) -> None:
    a_booking(reason, at(DAY, "8:50"), numbers=("AVANT00001",))
    a_booking(reason, at(DAY, "9:50"), numbers=("APRES00001",))
    someone("single", 0)
    someone("pair", 1, persons=2)
    cancelled(reason, START, 2)
    assert [one.starts_at for one in offers(whole)] == [START, START]
    (hold,) = held(reason)
    assert hold.ends_at == START + 40 * MINUTE, "kept for the longer need"


def test_what_a_shorter_visit_leaves_is_free_again(whole: Authority, reason: Reason) -> None:
    pair, single = someone("pair", 0, persons=2), someone("single", 1)
    a_booking(reason, at(DAY, "8:50"), numbers=("AVANT00001",))
    a_booking(reason, at(DAY, "9:50"), numbers=("APRES00001",))
    cancelled(reason, START, 2)
    by_name = {one.waiting_id: one for one in offers(whole)}
    assert not is_free(reason, START + 20 * MINUTE)
    booking = take_offer(by_name[single.id].id)
    assert (booking.persons, booking.ends_at) == (1, START + 20 * MINUTE)
    assert is_free(reason, START + 20 * MINUTE)
    with pytest.raises(Refusal) as refused:
        take_offer(by_name[pair.id].id)
    assert refused.value.code == "offer_gone"


def test_the_same_job_again_changes_nothing(whole: Authority, reason: Reason) -> None:
    crowd(7)
    booking = cancelled(reason)
    for _ in range(2):
        tasks.offer(str(booking.authority_id), str(booking.id))
    assert len(offers(whole)) == 5
    assert len(held(reason)) == 1
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert offer_freed(booking.authority_id, booking.id) == 0, "nor once the hold is over"


def test_a_job_killed_midway_leaves_all_or_nothing(
    whole: Authority, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(3)
    booking = a_booking(reason, START)
    with scope.authority(reason.authority_id):
        cancel_booking(booking)

    def killed(*_args: object, **_more: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("parvis.appointments.services.offer_freed.audit.record", killed)
        with pytest.raises(SystemExit):
            tasks.offer(str(booking.authority_id), str(booking.id))
    assert offers(whole) == []
    assert is_free(reason), "the slot is not lost: everybody may book it"
    tasks.offer(str(booking.authority_id), str(booking.id))
    assert told(whole) == ["p0", "p1", "p2"]


def test_own_reasons_have_their_own_list(client: Client, whole: Authority, reason: Reason) -> None:
    pool = a_reason(an_agenda(a_place(an_authority("bains"), "Piscine"), desks=1), "lesson", label="Leçon de natation")
    stranger = someone("p0")
    page = client.get(f"/rendez-vous/attente/?motif=lesson&lieux={pool.agenda.place_id}").content.decode()
    assert "Leçon de natation" in page
    assert own_code(pool.id) in page
    someone("swimmer", code=own_code(pool.id))
    cancelled(pool)
    assert told(whole) == ["swimmer"]
    assert wait_of(stranger, whole).state == WaitingState.WAITING


# Taking it.


def test_the_link_shows_then_gives_the_slot(client: Client, whole: Authority, reason: Reason) -> None:
    one, two = crowd(2, phone="+33639980001")
    cancelled(reason)
    links = [f"/rendez-vous/offre/{offer_key(offer.id)}/" for offer in offers(whole)]
    assert any(links[0] in message.text for message in notifications.messages())
    page = client.get(links[0])
    assert "Prendre cette place" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert offers(whole)[0].taken_at is None, "a GET takes nothing: mail filters follow links"
    answer = client.post(links[0])
    assert answer.status_code == 302
    assert "/valbruche/rendez-vous/suivi/" in answer["Location"]
    assert client.get(answer["Location"], follow=True).status_code == 200
    (hold,) = held(reason)
    assert (hold.email, hold.phone) == ("p0@exemple.test", "+33639980001")
    assert hold.held_until == clock.now() + 15 * MINUTE
    again = client.post(links[0])
    assert again["Location"] == answer["Location"], "twice is once"
    late = client.get(links[1]).content.decode()
    assert "Cette place est déjà prise" in late
    assert "Les places libres les plus proches" in late
    assert client.post(links[1]).status_code == 409
    assert wait_of(two, whole).state == WaitingState.WAITING
    assert wait_of(one, whole).state == WaitingState.WAITING, "not before they have confirmed"
    finish(hold)
    assert wait_of(one, whole).state == WaitingState.SERVED


def test_who_fills_a_form_is_not_offered_another(whole: Authority, reason: Reason) -> None:
    someone("p0")
    cancelled(reason)
    take_offer(offers(whole)[0].id)
    cancelled(reason, START + 20 * MINUTE)
    assert len(offers(whole)) == 1


def test_twenty_minutes_later_the_next_five_then_everybody(whole: Authority, reason: Reason) -> None:
    crowd(8)
    cancelled(reason)
    first = clock.now()
    with clock.frozen_at(first + 19 * MINUTE):
        tasks.offer_to_the_next(0)
        assert len(offers(whole)) == 5
    with clock.frozen_at(first + 20 * MINUTE):
        assert not is_free(reason), "nobody slips in between two rounds"
        tasks.offer_to_the_next(0)
        tasks.offer_to_the_next(0)
        assert told(whole)[5:] == ["p5", "p6", "p7"]
        with pytest.raises(Refusal):
            take_offer(offers(whole)[0].id)
    with clock.frozen_at(first + 39 * MINUTE):
        assert not is_free(reason)
        take_offer(offers(whole)[5].id)
    with clock.frozen_at(first + 40 * MINUTE):
        tasks.offer_to_the_next(0)
        assert not is_free(reason), "taken a minute ago: the form is being filled"
    with clock.frozen_at(first + 55 * MINUTE):
        assert is_free(reason)


def test_after_two_rounds_it_is_free_at_once(whole: Authority, reason: Reason) -> None:
    crowd(11)
    cancelled(reason)
    for minutes in (20, 40):
        with clock.frozen_at(clock.now() + minutes * MINUTE):
            tasks.offer_to_the_next(0)
    with clock.frozen_at(clock.now() + 40 * MINUTE):
        assert len(offers(whole)) == 10
        assert is_free(reason)
        assert held(reason) == []


def test_with_nobody_else_it_is_free_after_one_round(whole: Authority, reason: Reason) -> None:
    crowd(2)
    cancelled(reason)
    with clock.frozen_at(clock.now() + 20 * MINUTE):
        tasks.offer_to_the_next(0)
        assert is_free(reason)


def test_a_dead_worker_loses_no_slot(whole: Authority, reason: Reason) -> None:
    crowd(8)
    cancelled(reason)
    with clock.frozen_at(clock.now() + 23 * MINUTE):
        assert is_free(reason)
        tasks.offer_to_the_next(0)
        assert len(offers(whole)) == 5
        with scope.authority(reason.authority_id):
            assert Occupancy.objects.filter(held_until__gt=clock.now()).count() == 0


def test_a_wait_ends_by_itself_and_says_so_once(whole: Authority, reason: Reason) -> None:
    one = someone("p0", before=DAY)
    with clock.frozen_at(at(DAY, "23:00")):
        tasks.end_waiting(0)
        assert wait_of(one, whole).state == WaitingState.WAITING
    with clock.frozen_at(at(DAY + timedelta(days=1), "2:50")):
        tasks.end_waiting(0)
        assert wait_of(one, whole).state == WaitingState.LEFT
        assert notifications.messages()[0].title == "Aucune place plus tôt ne s’est libérée"
    count = len(notifications.messages())
    with clock.frozen_at(at(DAY + timedelta(days=2), "2:50")):
        tasks.end_waiting(0)
    with scope.authority(whole.id):
        assert Waiting.objects.count() == 0
    assert len(notifications.messages()) == count


def test_without_an_agglomeration_nothing_is_kept(client: Client) -> None:
    reason = a_reason(an_agenda(a_place(an_authority())))
    cancelled(reason)
    tasks.offer_to_the_next(0)
    tasks.end_waiting(0)
    assert client.get("/rendez-vous/attente/?motif=id-card").status_code == 404
    assert client.get("/rendez-vous/attente/x~y/").status_code == 404
