"""A commune whose sharing agreement has ended: it begins nothing, finishes what is published, and reads everything."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.authorities.facade import set_procurement_access
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, ProcurementDocument
from parvis.procurement.services.arrange_documents import arrange_documents
from parvis.procurement.services.cancel_draft import cancel_draft
from parvis.procurement.services.create_consultation import create_consultation
from parvis.procurement.services.publish_consultation import publish_consultation
from parvis.procurement.services.remove_document import remove_document
from parvis.procurement.services.save_draft import save_draft
from tests.procurement import sealed_world as sealed
from tests.procurement.draft_world import a_document, a_draft, published, with_keys
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def closed(house: Authority, on: datetime | None = None) -> None:
    """From this day (today if none) the authority only reads."""
    day = (on or clock.now()).astimezone(clock.PARIS).date()
    set_procurement_access(house.id, day - 300 * DAY, day, actor_id=None)


class Town:
    """A commune with a buyer before their screen, a draft that only waits for its publication, and a published file."""

    def __init__(self) -> None:
        an_authority("grande-vallee", kind="agglomeration", desk_name="Service des achats")
        self.house = an_authority()
        self.person = an_agent(self.house, "buyer")
        self.client = signed_in(self.person, self.house, "buyer")
        with scope.authority(self.house.id):
            self.draft = a_draft(self.person.id)
            with_keys(self.draft, self.person.id)
        self.published = published(self.house, self.person.id)

    def get(self, name: str, *where: Any, client: Client | None = None) -> str:
        answer = (client or self.client).get(reverse(name, args=[self.house.slug, *where]))
        return str(answer.content.decode())


@pytest.fixture
def town() -> Town:
    return Town()


VERBS: dict[str, Callable[[Town], object]] = {
    "create_consultation": lambda t: create_consultation(title="Autre", nature="works", actor_id=t.person.id),
    "save_draft": lambda t: save_draft(t.draft.id, {"title": "Autre"}, actor_id=t.person.id),
    "publish_consultation": lambda t: publish_consultation(t.draft.id, actor_id=t.person.id),
    "add_document": lambda t: a_document(t.draft, t.person.id, "Annexe.pdf"),
    "arrange_documents": lambda t: arrange_documents(t.draft.id, {}, actor_id=t.person.id),
    "remove_document": lambda t: remove_document(
        t.draft.id, ProcurementDocument.objects.filter(consultation=t.draft)[0].id, actor_id=t.person.id
    ),
    "cancel_draft": lambda t: cancel_draft(t.draft.id, actor_id=t.person.id),
}


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_prepares_anything_more(town: Town, verb: str) -> None:
    closed(town.house)
    with scope.authority(town.house.id):
        before = list(Consultation.objects.order_by("id").values())
        with pytest.raises(Refusal) as caught:
            VERBS[verb](town)
        assert caught.value.code == "procurement_closed"
        assert "Service des achats" in caught.value.message
        assert list(Consultation.objects.order_by("id").values()) == before


@pytest.mark.parametrize("verb", VERBS)
def test_control_the_same_verbs_pass_while_it_is_open(town: Town, verb: str) -> None:
    closed(town.house, clock.now() + DAY)
    with scope.authority(town.house.id):
        VERBS[verb](town)
        assert Consultation.objects.count() == (3 if verb == "create_consultation" else 2)


def test_the_ceremony_and_the_rehearsal_of_a_draft_wait_too() -> None:
    world = sealed.a_draft()
    now = clock.now()
    closed(world.house, now + DAY)
    sealed.ceremony(world)
    with clock.frozen_at(now + DAY):
        with pytest.raises(Refusal) as ceremony:
            sealed.ceremony(world)
        with pytest.raises(Refusal) as rehearsal:
            sealed.rehearsed_by(world, world.custodians[0])
    assert {ceremony.value.code, rehearsal.value.code} == {"procurement_closed"}
    assert sealed.rehearsed_by(world, world.custodians[0])


def test_what_is_published_runs_on_to_its_opening() -> None:
    """Deposits, late ones too, documents added, and the whole session: all after the end of the agreement."""
    world = sealed.published()
    closed(world.house, sealed.T - 10 * DAY)
    with clock.frozen_at(sealed.T - DAY):
        sealed.deposited(world, sealed.company(), sealed.T - DAY)
        buyer = signed_in(world.buyer, world.house, "buyer")
        with scope.authority(world.house.id):
            a_document(world.consultation, world.buyer.id, "Précision.pdf")
        page = buyer.get(reverse("desk_consultation", args=[world.house.slug, world.consultation.id])).content.decode()
        assert "Ajouter un document après la publication" in page
    sealed.whole_opening(world)
    assert world.again().state == "opened"


def test_the_page_says_why_what_remains_and_whom_to_ask(town: Town) -> None:
    closed(town.house, datetime(2026, 10, 1, 8, tzinfo=UTC))
    with clock.frozen_at(datetime(2026, 10, 5, 8, tzinfo=UTC)):
        answer = town.client.get(reverse("new_consultation", args=[town.house.slug]))
        posted = town.client.post(reverse("publish_consultation", args=[town.house.slug, town.draft.id]))
    page = answer.content.decode()
    assert (answer.status_code, posted.status_code) == (403, 403)
    assert "L’outil d’achat est en lecture seule depuis le jeudi 1er octobre 2026." in page
    assert "Mener à leur terme les consultations déjà publiées" in page
    assert "Service des achats de Grande Vallee" in page
    assert f'href="{reverse("export", args=[town.house.slug])}"' in page
    assert "Cette page est réservée" not in page
    with scope.authority(town.house.id):
        assert Consultation.objects.get(id=town.draft.id).state == "draft"


def test_a_script_is_told_so_in_its_own_words(town: Town) -> None:
    closed(town.house)
    chair = signed_in(an_agent(town.house, "board_chair", "Paule Présidente"), town.house, "board_chair")
    where = [town.house.slug, town.draft.id]
    asked = chair.get(reverse("ceremony_data", args=where), content_type="application/json")
    sent = chair.post(reverse("ceremony", args=where), json.dumps({}), "application/json")
    assert (asked.status_code, sent.status_code) == (403, 403)
    assert asked.json()["error"]["code"] == sent.json()["error"]["code"] == "procurement_closed"


def test_who_had_no_right_is_still_told_of_the_role(town: Town) -> None:
    closed(town.house)
    observer = signed_in(an_agent(town.house, "observer", "Olga Observe"), town.house, "observer")
    page = town.get("new_consultation", client=observer)
    assert "Cette page est réservée à Acheteur" in page
    assert "Changer de rôle" in page


def test_the_buttons_go_and_everything_stays_readable(town: Town) -> None:
    new, edit = (
        reverse("new_consultation", args=[town.house.slug]),
        reverse("edit_consultation", args=[town.house.slug, town.draft.id, "objet"]),
    )
    assert new in town.get("desk")
    assert edit in town.get("desk_consultation", town.draft.id)
    closed(town.house)
    assert new not in town.get("desk")
    file = town.get("desk_consultation", town.draft.id)
    assert "en lecture seule depuis le" in file
    gone = ("edit_consultation", "publish_consultation", "ceremony", "rehearsal", "cancel_draft")
    paths = [reverse(n, args=[town.house.slug, town.draft.id, *(["objet"] if "edit" in n else [])]) for n in gone]
    assert [path for path in paths if path in file] == []
    assert town.draft.title in file
    assert reverse("download_register", args=[town.house.slug, town.published.id]) in town.get(
        "desk_consultation", town.published.id
    )


@pytest.mark.parametrize(
    ("days", "told"), [(0, "est en lecture seule depuis"), (30, "passe en lecture seule"), (90, "")]
)
def test_the_list_says_so_calmly(town: Town, days: int, told: str) -> None:
    closed(town.house, clock.now() + days * DAY)
    page = town.get("desk")
    assert ("notice--info" in page) is bool(told)
    assert told in page


def test_the_public_sees_no_difference(town: Town) -> None:
    names = [("consultations",), ("consultation", town.published.id), ("authority_home",)]
    with clock.frozen_at(clock.now()):
        before = [_without_token(town.get(*name, client=Client())) for name in names]
        closed(town.house)
        assert [_without_token(town.get(*name, client=Client())) for name in names] == before
    documents = Client().get(reverse("documents_zip", args=[town.house.slug, town.published.id]))
    assert documents.status_code == 200


def _without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_another_commune_s_agreement_closes_nothing_here(town: Town) -> None:
    closed(an_authority("autre-rive"))
    assert reverse("new_consultation", args=[town.house.slug]) in town.get("desk")
