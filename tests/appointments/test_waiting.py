"""Those who wait: their address says yes first, their link changes and ends it, and it ends by itself."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client

from parvis.appointments import tasks
from parvis.appointments.links import waiting_key
from parvis.appointments.models import Reason, Waiting, WaitingState
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.notifications import facade as notifications
from tests.appointments.agenda_world import a_place, a_reason, an_agenda, at
from tests.appointments.waiting_world import (
    DAY,
    MINUTE,
    START,
    cancelled,
    offers,
    one_desk_elsewhere,
    someone,
    told,
    wait_of,
)
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_on_monday")]


@pytest.fixture
def reason(whole: Authority) -> Reason:
    return one_desk_elsewhere()


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
