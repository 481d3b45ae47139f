"""Pooling under attack: circles entered by the window, ids of others, refusals that leave something, links."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from django.core import signing
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from parvis.authorities.facade import give_seat
from parvis.authorities.models import Authority, CircleSeat
from parvis.documents.models import StoredFile
from parvis.eservices.models import EService
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from parvis.kit.row_security import shared_models
from parvis.pooling.models import CostItem, JointProcurement, PaperKind, PurchaseOrder, SharingAgreement
from parvis.pooling.rules.scenario import Offers, Scenario
from parvis.pooling.selectors.simulation_links import last_day, simulation_key, simulation_of
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.cancel_order import cancel_order
from parvis.pooling.services.offer_eservice import Offered, offer_eservice
from parvis.pooling.services.prepare_agreement import prepare_agreement
from parvis.pooling.services.share_simulation import share_simulation
from tests.pooling.group_world import ACTOR, founded, proposed
from tests.pooling.order_world import use
from tests.pooling.pooling_world import Circle, a_framework, a_group, address, an_order, houses
from tests.site.url_pooling import pooling_ids
from tests.site.url_rows import POOLING
from tests.site.url_table_pooling import POOLING_PAGES
from tests.site.url_world import WHOLE
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db
YEAR = {"year": 2026, "from_on": date(2026, 1, 1), "until_on": date(2027, 1, 1), "key_code": "shared"}


@pytest.fixture
def circle() -> Circle:
    return a_group(houses(2))


@pytest.fixture
def stranger() -> Authority:
    return an_authority("autre-rive")


def client_of(house: Authority, role: str = "coordinator") -> Client:
    return signed_in(an_agent(house, role, f"Agent {role} {house.slug}"), house, role)


# --- seats, and rows among strangers


def test_nobody_seats_itself_in_anothers_circle(circle: Circle, stranger: Authority) -> None:
    with scope.authority(stranger.id), pytest.raises(IntegrityError), transaction.atomic():
        give_seat(circle.group.id, stranger.id)
    with scope.authority(stranger.id):
        assert not JointProcurement.objects.exists()


def test_a_member_seats_nobody(circle: Circle, stranger: Authority) -> None:
    with scope.authority(circle.member.id), pytest.raises(IntegrityError), transaction.atomic():
        give_seat(circle.group.id, stranger.id)


def test_a_seat_of_one_s_own_does_not_move_to_anothers_circle(circle: Circle, stranger: Authority) -> None:
    with scope.authority(stranger.id):
        give_seat(own := new_id(), stranger.id)
        with pytest.raises(IntegrityError), transaction.atomic():
            CircleSeat.objects.filter(circle_id=own).update(circle_id=circle.group.id)


def test_the_owner_seats_whom_it_wants(circle: Circle, stranger: Authority) -> None:
    with scope.authority(circle.coordinator.id):
        give_seat(circle.group.id, stranger.id)
    with scope.authority(stranger.id):
        assert JointProcurement.objects.get().id == circle.group.id


def a_planted_cost(circle: Circle, owner: Authority) -> CostItem:
    with scope.authority(owner.id), transaction.atomic():
        return CostItem.objects.create(
            group=circle.group, circle_id=circle.group.id, kind="base", label="À payer", ht_cents=1, vat_cents=0, **YEAR
        )


def test_nobody_plants_a_row_among_strangers(circle: Circle, stranger: Authority) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        a_planted_cost(circle, stranger)


def test_a_row_of_one_s_own_does_not_move_among_strangers(circle: Circle, stranger: Authority) -> None:
    cost = a_planted_cost(circle, circle.member)
    with scope.authority(stranger.id):
        give_seat(own := new_id(), stranger.id)
    with scope.authority(circle.member.id), pytest.raises(ProgrammingError), transaction.atomic():
        CostItem.objects.filter(id=cost.id).update(circle_id=own)


def touched(table: str, verb: str) -> int:
    """How many rows of a table a verb in SQL reaches; nothing is kept of it."""
    sql = {"read": "SELECT id FROM {}", "write": "UPDATE {} SET circle_id = circle_id", "delete": "DELETE FROM {}"}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql[verb].format(table))
            transaction.set_rollback(True)
            return int(cursor.rowcount)
    except ProgrammingError:
        # Never edited: the role of the application may not.
        return 0
    except IntegrityError:
        return -1


def test_every_shared_table_is_closed_to_strangers_and_written_by_its_owner() -> None:
    whole, here = an_authority("grande", kind="agglomeration"), an_authority()
    pooling_ids(whole, here)
    stranger = an_authority("autre-rive")
    wrong: list[object] = []
    filled = 0
    for model in shared_models():
        table = model._meta.db_table
        with scope.authority(stranger.id):
            wrong += [(table, verb) for verb in ("read", "write", "delete") if touched(table, verb)]
        with scope.authority(here.id):
            own = model._default_manager.filter(authority_id=here.id).count()
            filled += touched(table, "read") > own
            wrong += [(table, "others’")] if touched(table, "write") not in {0, own} else []
    assert wrong == []
    assert filled > 15, "the world has rows of the coordinator that the commune reads"


# --- ids of one thing at the address of another


def nested() -> list[str]:
    """Pages of a thing of a group. An e-service is its member's, whatever the group."""
    return [
        name for name, row in POOLING_PAGES.items()
        if row.where.get("group") == "@group" and any(v.startswith("@") for k, v in row.where.items() if k != "group")
        and "use" not in row.where
    ]  # fmt: skip


def test_a_thing_of_one_group_is_not_at_the_address_of_another() -> None:
    whole, here = an_authority("grande", kind="agglomeration"), an_authority()
    ids = pooling_ids(whole, here)
    other = a_group([whole, here], name="Un autre groupement").group
    clients = {one.id: client_of(one) for one in (whole, here)}
    wrong, right = [], 0
    for name in nested():
        row = POOLING_PAGES[name]
        house = whole if row.where["authority"] == WHOLE else here
        where = {k: ids[v[1:]] if v.startswith("@") else v for k, v in row.where.items()}
        where |= {"authority": house.slug} | ({"member": here.slug} if name == "cost_share" else {})
        right += clients[house.id].get(reverse(name, kwargs=where)).status_code in {200, 302, 405}
        url = reverse(name, kwargs=where | {"group": other.id})
        for method in ("get", "post"):
            said = getattr(clients[house.id], method)(url).status_code
            if said not in {404, 405} and not (name == "invoice_match" and said == 302):
                wrong.append((name, method, said))
    assert wrong == []
    assert right == len(nested()) > 30


def test_a_commune_does_not_coordinate_whatever_the_hat() -> None:
    whole, here = an_authority("grande", kind="agglomeration"), an_authority()
    ids, client = pooling_ids(whole, here), client_of(here)
    wrong = []
    for name, row in POOLING_PAGES.items():
        if row.where.get("authority") != WHOLE or name in {"group_new", "agreement_new"}:
            continue
        where = {k: ids[v[1:]] if v.startswith("@") else v for k, v in row.where.items()}
        url = reverse(name, kwargs=where | {"authority": here.slug})
        said = [getattr(client, method)(url).status_code for method in ("get", "post")]
        wrong += [(name, said)] if set(said) - {404, 405} else []
    assert wrong == []


def test_who_only_reads_posts_nothing() -> None:
    whole, here = an_authority("grande", kind="agglomeration"), an_authority()
    ids, client = pooling_ids(whole, here), client_of(here, "observer")
    reads = tuple(map(int, POOLING.split()))
    wrong = []
    for name, row in POOLING_PAGES.items():
        if row.statuses[8] != 403:
            continue
        where = {k: ids[v[1:]] if v.startswith("@") else v for k, v in row.where.items()}
        said = client.post(reverse(name, kwargs=where | {"authority": here.slug})).status_code
        wrong += [(name, said)] if said not in {403, 405} else []
    assert reads[8] == 200
    assert wrong == []


# --- papers


def a_paper(circle: Circle, owner: Authority) -> UUID:
    paper = attach_paper(
        circle.group.id, circle.group.id, PaperKind.OTHER, "Pièce", BytesIO(b"confidentiel"), owner_id=owner.id,
        name='pi"èce\r\nX: y.html',
    )  # fmt: skip
    return UUID(str(paper.id))


def test_the_bytes_of_a_paper_stay_in_its_circle(circle: Circle, stranger: Authority) -> None:
    paper = a_paper(circle, circle.coordinator)
    seen = {house.slug: client_of(house).get(address(house, "pieces", paper)) for house in (*circle.houses, stranger)}
    assert [one.status_code for one in seen.values()] == [200, 200, 404]
    assert b"confidentiel" not in seen[stranger.slug].content
    answer = seen[circle.member.slug]
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "\r" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_paper_in_quarantine_is_not_handed_out(circle: Circle) -> None:
    paper = a_paper(circle, circle.coordinator)
    with scope.authority(circle.coordinator.id):
        StoredFile.objects.update(scan="infected")
    answer = client_of(circle.member).get(address(circle.member, "pieces", paper), follow=True)
    assert "quarantaine" in answer.content.decode()


def test_nobody_hangs_a_paper_on_another_circle(circle: Circle, stranger: Authority) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        a_paper(circle, stranger)


# --- a refusal leaves nothing


def kept(owner: Authority, what: Callable[[], int]) -> int:
    with scope.authority(owner.id):
        return what()


def test_an_e_service_that_cannot_be_offered_is_not_in_the_catalogue(circle: Circle) -> None:
    offered = Offered(circle.member.id, date(2026, 1, 1), name="Cantine", theme="none such")
    wrong = Offered(circle.member.id, date(2026, 1, 1), service_id=None, name="x" * 121)
    for one in (offered, wrong):
        with scope.authority(circle.member.id), pytest.raises(Refusal):
            offer_eservice(circle.group.id, one, actor_id=ACTOR)
    assert kept(circle.member, EService.objects.count) == 0


def test_an_agreement_that_is_refused_leaves_no_seat(circle: Circle) -> None:
    before = kept(circle.coordinator, CircleSeat.objects.count)
    with scope.authority(circle.coordinator.id), pytest.raises(Refusal):
        prepare_agreement(circle.member.id, number="x" * 31, actor_id=ACTOR)
    assert kept(circle.coordinator, CircleSeat.objects.count) == before
    assert kept(circle.coordinator, SharingAgreement.objects.count) == 0


def test_who_may_not_issue_does_not_cancel_what_was_issued_meanwhile(circle: Circle) -> None:
    a_framework(circle)
    order = an_order(circle, circle.member, state="issued")
    with scope.authority(circle.member.id):
        with pytest.raises(Refusal, match="vient d’être émise"):
            cancel_order(order.id, "Erreur", may_cancel_issued=False)
        assert PurchaseOrder.objects.get(id=order.id).state == "issued"
        use(circle, order.ht_cents)
        assert cancel_order(order.id, "Erreur").state == "cancelled"


# --- public things


SCENARIO = Scenario(2026, wishes=(Offers("216800001", date(2026, 1, 1), "Cantine"),))


def test_a_link_of_a_simulation_opens_one_simulation_at_one_authority(circle: Circle, stranger: Authority) -> None:
    key = simulation_key(circle.group.id, circle.member.id, SCENARIO, last_day())
    said = [
        Client().get(reverse("public_simulation", args=[house.slug, key])).status_code
        for house in (circle.member, circle.coordinator, stranger)
    ]
    assert said == [200, 404, 404]


@pytest.mark.parametrize(
    "make",
    [
        lambda parts: signing.Signer(sep="~").sign_object(parts, compress=True),
        lambda parts: signing.Signer(salt="parvis.appointments.booking", sep="~").sign_object(parts, compress=True),
        lambda parts: signing.Signer(salt="parvis.pooling.simulation", sep="~", key="x" * 50).sign_object(parts),
        lambda parts: signing.Signer(salt="parvis.pooling.simulation", sep="~").sign_object([*parts, "more"]),
        lambda parts: signing.Signer(salt="parvis.pooling.simulation", sep="~").sign_object({"a": 1}),
        lambda parts: "~".join(parts),
    ],
    ids=["no-salt", "salt-of-another-room", "other-secret", "other-shape", "no-list", "unsigned"],
)
def test_a_key_made_elsewhere_opens_nothing(circle: Circle, make: Callable[[list[str]], str]) -> None:
    parts = [circle.group.id.hex, circle.member.id.hex, "2099-01-01", "annee=2026"]
    assert simulation_of(make(parts)) is None


def test_a_prospect_reads_the_group_and_does_not_show_it_to_everybody(stranger: Authority) -> None:
    whole = an_authority("grande", kind="agglomeration")
    group = founded(whole)
    proposed(group, stranger)
    with scope.authority(stranger.id), pytest.raises(Refusal, match="pas encore membre"):
        share_simulation(group.id, SCENARIO, actor_id=ACTOR)
    with scope.authority(whole.id):
        key, _until = share_simulation(group.id, SCENARIO, actor_id=ACTOR)
    assert simulation_of(key)


def test_a_private_group_is_nowhere_in_public(stranger: Authority) -> None:
    circle = a_group(houses(2), public=False)
    for name in ("public_group", "public_group_json"):
        assert Client().get(reverse(name, args=[circle.coordinator.slug, circle.group.id])).status_code == 404
    with scope.authority(stranger.id), pytest.raises(Exception, match="groupement"):
        proposed(circle.group, stranger)


def test_the_open_data_names_no_person_and_nothing_that_is_not_decided() -> None:
    whole, here = an_authority("grande", kind="agglomeration"), an_authority()
    ids = pooling_ids(whole, here)
    text = Client().get(reverse("public_group_json", args=[here.slug, ids["group"]])).content.decode()
    assert "Services numériques" in text
    for secret in ("@", "Retard de livraison", "signatory", str(ids["order"]), str(ids["invoice"])):
        assert secret not in text
