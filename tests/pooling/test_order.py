"""A purchase order from its draft to its delivery."""

from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from parvis.audit import facade as audit
from parvis.eservices import facade as eservices
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.notifications.models import Message
from parvis.pooling.models import AnswerKind, CostItem, FrameworkMember, OrderParty, PriceLine, PurchaseOrder
from parvis.pooling.rules.order_content import Delivery, Lifting, NewEService, OrderContent
from parvis.pooling.selectors.today import today
from parvis.pooling.services.accept_delivery import accept_delivery
from parvis.pooling.services.accept_joining import accept_joining
from parvis.pooling.services.answer_order import answer_order
from parvis.pooling.services.cancel_order import cancel_order
from parvis.pooling.services.inform_group import inform_group
from parvis.pooling.services.issue_order import issue_order
from parvis.pooling.services.lift_reserves import lift_reserves
from parvis.pooling.services.order_pdf import order_pdf
from parvis.pooling.services.rework_order import rework_order
from parvis.pooling.services.save_order import save_order
from parvis.pooling.services.send_order import send_order
from parvis.pooling.services.sign_order import DOMAIN
from parvis.pooling.services.warn_of_answers import warn_of_answers
from parvis.sealing.canonical import canonical_bytes, unb64
from tests.pooling.order_world import SIGNATORY, a_price, answered, drafted, informed, issued, use, used
from tests.pooling.pooling_world import Circle, a_framework, a_group, add_member, houses
from tests.world import an_agent, an_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> Circle:
    made = a_group(houses(3))
    a_framework(made)
    for house in made.houses:
        an_agent(house, "coordinator" if house == made.coordinator else "referent", f"Référent {house.name}")
    return made


def subjects(order: PurchaseOrder) -> list[tuple[str, str]]:
    return sorted(Message.objects.filter(subject_id=order.id).values_list("to", "title"))


def test_a_draft_is_priced_by_the_schedule_with_vat_rounded_on_the_order(circle: Circle) -> None:
    odd = a_price(circle, 33, code="A"), a_price(circle, 33, code="B"), a_price(circle, 101, code="C", vat_rate=550)
    order = drafted(circle, circle.member.id, *odd)
    assert (order.ht_cents, order.vat_cents) == (167, 13 + 6)
    with scope.authority(circle.member.id):
        save_order(order.id, OrderContent("Deux jours et demi", ((circle.prices["JOUR"].id, 250),)))
        order = PurchaseOrder.objects.get()
        assert (order.ht_cents, order.vat_cents, order.lines.count()) == (1450_00, 290_00, 1)


def test_a_price_of_another_day_is_refused(circle: Circle) -> None:
    ended = a_price(circle, 10_00, valid_until=today())
    with pytest.raises(Refusal) as caught:
        drafted(circle, circle.member.id, ended)
    assert caught.value.code == "unknown_price"


def test_every_other_member_is_told_and_has_ten_days(circle: Circle) -> None:
    order = informed(circle, circle.member.id, circle.prices["ACQ"])
    assert order.state == "informed"
    assert order.answers_until
    assert order.answers_until.astimezone(clock.PARIS).date() == today() + timedelta(days=10)
    assert {to for to, _title in subjects(order)} == {
        "referent.grande.vallee@exemple.test",
        "referent.illzach@exemple.test",
    }


def test_an_empty_order_tells_nobody(circle: Circle) -> None:
    order = drafted(circle, circle.member.id)
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        inform_group(order.id)
    assert caught.value.code == "empty"


def test_issuing_waits_for_the_delay_or_for_all_answers(circle: Circle) -> None:
    order = informed(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        issue_order(order.id, signatory=SIGNATORY)
    assert caught.value.code == "information"
    with clock.frozen_at(order.answers_until + timedelta(minutes=1)), scope.authority(circle.member.id):  # type: ignore[operator]
        assert issue_order(order.id, signatory=SIGNATORY).state == "issued"


def test_only_the_last_answer_counts_and_only_before_the_issue(circle: Circle) -> None:
    order, other = answered(circle, circle.member.id, circle.prices["ACQ"]), circle.houses[2]
    with scope.authority(other.id):
        answer_order(order.id, AnswerKind.COMMENT, "Prenez aussi la formation.")
    with scope.authority(circle.member.id):
        issue_order(order.id, signatory=SIGNATORY)
    with scope.authority(other.id), pytest.raises(Refusal) as caught:
        answer_order(order.id, AnswerKind.JOIN)
    assert caught.value.code == "not_now"


def test_an_order_answers_to_others_only(circle: Circle) -> None:
    order = informed(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        answer_order(order.id, AnswerKind.SEEN)
    assert caught.value.code == "own_order"
    with scope.authority(circle.houses[2].id), pytest.raises(Refusal) as caught:
        answer_order(order.id, AnswerKind.COMMENT, " ")
    assert caught.value.code == "invalid"


def test_another_member_does_not_issue_anothers_order(circle: Circle) -> None:
    order = answered(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.houses[2].id), pytest.raises(Refusal) as caught:
        issue_order(order.id, signatory=SIGNATORY)
    assert caught.value.code == "not_yours"


def test_issued_it_has_a_number_a_signature_and_its_part_of_the_maximum(circle: Circle) -> None:
    order = issued(circle, circle.member.id, circle.prices["ACQ"])
    assert order.number == f"BC-{today().year}-0001"
    assert used(circle) == 7_350_00
    signed = order.signed_order
    assert signed
    key = Ed25519PublicKey.from_public_bytes(unb64(signed["signature"]["public_key"]))
    key.verify(unb64(signed["signature"]["ed25519"]), DOMAIN + canonical_bytes(signed["order"]))
    assert signed["order"]["ht_cents"] == 7_350_00
    assert issued(circle, circle.houses[2].id, circle.prices["JOUR"]).number == f"BC-{today().year}-0002"


def test_the_ceiling_to_the_cent(circle: Circle) -> None:
    use(circle, 1_588_400_00)
    above, exact, cent = (a_price(circle, cents) for cents in (11_600_01, 11_600_00, 1))
    orders = [answered(circle, circle.member.id, one) for one in (above, exact, cent)]
    with scope.authority(circle.member.id):
        with pytest.raises(Refusal) as caught:
            issue_order(orders[0].id, signatory=SIGNATORY)
        assert caught.value.code == "above_maximum"
        assert "11\u00a0600,00" in caught.value.message
        issue_order(orders[1].id, signatory=SIGNATORY)
        with pytest.raises(Refusal) as caught:
            issue_order(orders[2].id, signatory=SIGNATORY)
        assert caught.value.code == "above_maximum"
        assert "épuisé ses effets" in caught.value.message
    assert used(circle) == 1_600_000_00


def test_members_are_alerted_once_at_each_threshold(circle: Circle) -> None:
    use(circle, 799_999_99)
    cent = a_price(circle, 1)
    first = issued(circle, circle.member.id, cent)
    issued(circle, circle.member.id, cent)
    alerts = Message.objects.filter(subject_id=first.framework_id)
    assert alerts.count() == 3
    assert all("50 %" in one.title for one in alerts)
    use(circle, 1_440_000_00)
    issued(circle, circle.member.id, cent)
    assert alerts.all().count() == 6, "ninety at once, seventy-five is said by it"


def test_a_member_that_was_not_named_writes_why(circle: Circle) -> None:
    late = an_authority("venue-apres")
    add_member(circle.group, late, date(2026, 3, 1))
    order = drafted(circle, late.id, circle.prices["JOUR"])
    with scope.authority(late.id):
        inform_group(order.id)
    with clock.frozen_at(clock.now() + timedelta(days=12)), scope.authority(late.id):
        with pytest.raises(Refusal) as caught:
            issue_order(order.id, signatory=SIGNATORY)
        assert (caught.value.code, caught.value.field) == ("not_identified", "reason")
        made = issue_order(order.id, signatory=SIGNATORY, reason="Avis du conseil juridique du 2 mars")
        assert made.entitlement_reason == "Avis du conseil juridique du 2 mars"
        [fact] = audit.facts([order.id], ["order.issued"])
        assert fact.data["entitlement_reason"] == "Avis du conseil juridique du 2 mars"


def test_one_that_joins_without_being_named_asks_for_the_reason_too(circle: Circle) -> None:
    order = informed(circle, circle.member.id, circle.prices["ACQ"])
    other = circle.houses[2]
    with scope.authority(other.id):
        answer_order(order.id, AnswerKind.JOIN)
    with scope.authority(circle.coordinator.id):
        answer_order(order.id, AnswerKind.SEEN)
        FrameworkMember.objects.filter(member=other).update(identified_at_launch=False)
    with scope.authority(circle.member.id):
        accept_joining(order.id, other.id)
        with pytest.raises(Refusal) as caught:
            issue_order(order.id, signatory=SIGNATORY)
    assert caught.value.code == "not_identified"
    assert other.name in caught.value.message


def test_a_joined_order_is_shared_and_stays_joined(circle: Circle) -> None:
    order, other = informed(circle, circle.member.id, circle.prices["ACQ"]), circle.houses[2]
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        accept_joining(order.id, other.id)
    assert caught.value.code == "no_wish"
    with scope.authority(other.id):
        answer_order(order.id, AnswerKind.JOIN)
    with scope.authority(circle.member.id):
        accept_joining(order.id, other.id)
        assert OrderParty.objects.count() == 2
    with scope.authority(other.id), pytest.raises(Refusal) as caught:
        answer_order(order.id, AnswerKind.SEEN)
    assert caught.value.code == "shares_already"


def test_reworked_the_round_begins_again(circle: Circle) -> None:
    order = answered(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.member.id):
        rework_order(order.id)
        inform_group(order.id)
        with pytest.raises(Refusal) as caught:
            issue_order(order.id, signatory=SIGNATORY)
    assert caught.value.code == "information", "what was answered was about something else"


def test_a_price_that_changed_meanwhile_stops_the_issue(circle: Circle) -> None:
    order = answered(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.coordinator.id):
        PriceLine.objects.filter(code="ACQ").update(valid_until=today())
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        issue_order(order.id, signatory=SIGNATORY)
    assert caught.value.code == "prices"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        pytest.param({"starts_on": date(2027, 1, 1)}, "ne commence que", id="too-early"),
        pytest.param({"ends_on": date(2026, 11, 1)}, "terminé", id="too-late"),
    ],
)
def test_outside_the_term_nothing_is_issued(circle: Circle, fields: dict[str, date], word: str) -> None:
    order = answered(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.coordinator.id):
        type(circle.framework).objects.filter(id=circle.framework.id).update(**fields)  # type: ignore[union-attr]
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        issue_order(order.id, signatory=SIGNATORY)
    assert caught.value.code == "term"
    assert word in caught.value.message


def test_an_issued_order_gives_its_costs_to_share(circle: Circle) -> None:
    own = a_price(circle, 1_000_01, code="PROPRE", kind="own", vat_rate=550)
    order = issued(circle, circle.member.id, circle.prices["BASE"], circle.prices["ACQ"], own)
    with scope.authority(circle.houses[2].id):
        costs = {one.kind: one for one in CostItem.objects.filter(order=order)}
    assert {one.authority_id for one in costs.values()} == {circle.member.id}
    assert sum(one.ht_cents for one in costs.values()) == order.ht_cents
    assert sum(one.vat_cents for one in costs.values()) == order.vat_cents
    assert (costs["base"].key_code, costs["base"].users) == ("shared", [])
    assert (costs["acquisition"].key_code, costs["acquisition"].users) == ("users", [str(circle.member.id)])
    assert (costs["own"].key_code, costs["own"].payer_id) == ("own", circle.member.id)


def test_cancelled_it_gives_its_amount_back_and_costs_nothing(circle: Circle) -> None:
    order = issued(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.member.id):
        with pytest.raises(Refusal) as caught:
            cancel_order(order.id, " ")
        assert caught.value.code == "no_reason"
        cancel_order(order.id, "Le titulaire l’accepte.")
        assert not CostItem.objects.exists()
        assert PurchaseOrder.objects.get().state == "cancelled"
    assert used(circle) == 0
    assert len([1 for _to, title in subjects(order) if "annulée" in title]) == 2


def test_a_cancelled_draft_tells_nobody(circle: Circle) -> None:
    order = drafted(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.member.id):
        cancel_order(order.id, "Doublon")
    assert (subjects(order), used(circle)) == ([], 0)


@pytest.mark.parametrize(
    ("reserves", "days", "words", "code"),
    [
        pytest.param("", 0, "Corrigé", "no_reserves", id="none"),
        pytest.param("Logo", 1, "Corrigé", "future", id="to-come"),
        pytest.param("Logo", -1, "Corrigé", "before_delivery", id="before-the-delivery"),
        pytest.param("Logo", 0, " ", "no_words", id="nothing-said"),
    ],
)
def test_reserves_are_lifted_in_words_and_in_time(
    circle: Circle, reserves: str, days: int, words: str, code: str
) -> None:
    order = issued(circle, circle.member.id, circle.prices["JOUR"])
    with scope.authority(circle.member.id):
        with pytest.raises(Refusal) as caught:
            lift_reserves(order.id, Lifting(today(), "Corrigé"))
        assert caught.value.code == "not_now"
        accept_delivery(order.id, Delivery(today(), "Reçu", reserves))
        with pytest.raises(Refusal) as caught:
            lift_reserves(order.id, Lifting(today() + timedelta(days=days), words))
    assert caught.value.code == code


def test_reserves_are_lifted_once_by_who_ordered(circle: Circle) -> None:
    order = issued(circle, circle.member.id, circle.prices["JOUR"])
    with scope.authority(circle.member.id):
        accept_delivery(order.id, Delivery(today(), "Reçu", "Logo"))
    with scope.authority(circle.houses[2].id), pytest.raises(Refusal) as caught:
        lift_reserves(order.id, Lifting(today(), "Corrigé"))
    assert caught.value.code == "not_yours"
    with scope.authority(circle.member.id):
        made = lift_reserves(order.id, Lifting(today(), "Corrigé"))
        assert (made.state, made.open_reserves, made.put_right) == ("delivered", "", "Corrigé")
        with pytest.raises(Refusal) as caught:
            lift_reserves(order.id, Lifting(today(), "Corrigé"))
        assert caught.value.code == "lifted"
        [fact] = [one for one in audit.facts([order.id]) if one.kind == "order.reserves_lifted"]
    assert fact.data == {"on": today().isoformat(), "reserves": "Logo", "put_right": "Corrigé"}


def test_a_delivered_eservice_counts_for_each_that_shares_it(circle: Circle) -> None:
    order, other = informed(circle, circle.member.id, circle.prices["ACQ"]), circle.houses[2]
    with scope.authority(other.id):
        answer_order(order.id, AnswerKind.JOIN)
    with scope.authority(circle.coordinator.id):
        answer_order(order.id, AnswerKind.SEEN)
    with scope.authority(circle.member.id):
        accept_joining(order.id, other.id)
        issue_order(order.id, signatory=SIGNATORY)
        new = NewEService("inscription-scolaire", "Inscription scolaire", "family")
        accept_delivery(order.id, Delivery(today(), "Conforme", serves_from=today(), new_eservice=new))
        order = PurchaseOrder.objects.get()
        [cost] = CostItem.objects.all()
    assert order.state == "delivered"
    uses = eservices.uses(service_id=order.eservice_id)
    assert {(one.authority_id, one.from_on, one.order_id) for one in uses} == {
        (circle.member.id, today(), order.id), (other.id, today(), order.id),
    }  # fmt: skip
    assert (cost.eservice_id, cost.users) == (order.eservice_id, [])
    assert eservices.count_on(today()) == {circle.member.id: 1, other.id: 1}


def test_an_eservice_that_one_offers_already_is_extended(circle: Circle) -> None:
    service = eservices.record_eservice(circle.member.id, code="actes", name="Actes", offered_from=date(2026, 1, 1))
    eservices.record_use(service.id, circle.member.id, date(2026, 1, 1))
    order = issued(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.member.id):
        accept_delivery(order.id, Delivery(today(), "Conforme", serves_from=today(), eservice_id=service.id))
    assert len(eservices.uses(service_id=service.id)) == 1


@pytest.mark.parametrize(
    ("days", "report", "from_days", "code"),
    [
        pytest.param(0, " ", 0, "no_report", id="no-report"),
        pytest.param(1, "Conforme", 0, "future", id="to-come"),
        pytest.param(-1, "Conforme", 0, "before_issue", id="before-the-issue"),
        pytest.param(0, "Conforme", None, "no_eservice", id="no-first-day"),
        pytest.param(0, "Conforme", 0, "no_eservice", id="no-eservice"),
    ],
)
def test_a_delivery_says_what_it_must(circle: Circle, days: int, report: str, from_days: int | None, code: str) -> None:
    order = issued(circle, circle.member.id, circle.prices["ACQ"])
    since = None if from_days is None else today()
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        accept_delivery(order.id, Delivery(today() + timedelta(days=days), report, serves_from=since))
    assert caught.value.code == code


def test_the_contractor_gets_the_pdf_once(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        type(circle.framework).objects.update(contractor_email="commandes@titulaire.test")  # type: ignore[union-attr]
    order = issued(circle, circle.member.id, circle.prices["ACQ"])
    send_order(circle.member.id, order.id)
    send_order(circle.member.id, order.id)
    [letter] = Message.objects.filter(to="commandes@titulaire.test")
    assert [one["name"] for one in letter.attached] == [f"{order.number}.pdf", f"{order.number}.json"]


def test_the_pdf_is_drawn_from_what_was_signed(circle: Circle) -> None:
    order = issued(circle, circle.member.id, circle.prices["ACQ"], deliver_to="Mairie", commitment="ENG-7")
    assert order_pdf(order).startswith(b"%PDF")
    order.signed_order = None
    with pytest.raises(ValueError, match="issued"):
        order_pdf(order)


def test_the_end_of_the_delay_is_said_once(circle: Circle) -> None:
    order = informed(circle, circle.member.id, circle.prices["ACQ"])
    with scope.authority(circle.member.id):
        assert warn_of_answers() == 0
        with clock.frozen_at(clock.now() + timedelta(days=11)):
            assert (warn_of_answers(), warn_of_answers()) == (1, 0)
    assert [to for to, title in subjects(order) if "émettre" in title] == ["referent.mulhouse@exemple.test"]
