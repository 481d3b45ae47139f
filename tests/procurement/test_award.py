"""The award, entered by hand: after the opening, lot by lot, dated once; and contracts that were there before."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import Http404

from parvis.audit import facade as audit
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from parvis.procurement import facade
from parvis.procurement.facade import AwardInput, AwardView
from parvis.procurement.models import Award, Consultation, PublishedConsultation
from parvis.procurement.states import ConsultationState, allowed
from tests.procurement.draft_world import published
from tests.world import an_agent, an_authority

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"


def today(days: int = 0) -> date:
    return clock.now().astimezone(clock.PARIS).date() + timedelta(days=days)


def terms(**instead: Any) -> AwardInput:
    """Decided yesterday, at a price."""
    base = AwardInput(
        "2027-T-001", "Toiture de l’école", "Toitures Invention", SIRET, today(-1), 6, amount_cents=17_500_000
    )
    return replace(base, **instead)


FRAMEWORK: dict[str, Any] = {
    "amount_cents": None,
    "framework_min_cents": 10_000_000,
    "framework_max_cents": 160_000_000,
}


class Desk:
    """A buyer whose bids were opened forty days after the publication."""

    def __init__(self) -> None:
        self.house: Authority = an_authority()
        self.buyer: UUID = an_agent(self.house, "buyer").id

    def opened(self, **fields: Any) -> Consultation:
        with clock.frozen_at(clock.now() - timedelta(days=40)):
            made = published(self.house, self.buyer, **fields)
        with scope.authority(self.house.id):
            Consultation.objects.filter(id=made.id).update(state="opened")
            PublishedConsultation.objects.filter(id=made.id).update(state="opened")
        return made

    def award(self, made: Consultation, asked: AwardInput | None = None, lot: int | None = None) -> AwardView:
        with scope.authority(self.house.id):
            return facade.record_award(made.id, asked or terms(), lot=lot, actor_id=self.buyer)

    def refused(self, made: Consultation, asked: AwardInput | None = None, lot: int | None = None) -> Refusal:
        with pytest.raises(Refusal) as refusal:
            self.award(made, asked, lot)
        assert self.state(made) == ("opened", "opened")
        return refusal.value

    def state(self, made: Consultation) -> tuple[str, str]:
        """Of the file, and of the public list."""
        with scope.authority(self.house.id):
            return (
                Consultation.objects.get(id=made.id).state,
                PublishedConsultation.objects.get(id=made.id).state,
            )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_award_of_the_whole_contract_ends_the_consultation(desk: Desk) -> None:
    made = desk.opened(lots=0)
    got = desk.award(made, terms(contractor_siret=" 732 829 320 00074 "))
    assert desk.state(made) == ("awarded", "awarded")
    assert (got.consultation_id, got.lot, got.framework, got.spaced_siret) == (
        made.id, None, False, "732\u00a0829\u00a0320\u00a000074",
    )  # fmt: skip
    with scope.authority(desk.house.id):
        assert facade.awards() == [got]
        [fact] = [one for one in audit.facts([made.id]) if one.kind == "award.recorded"]
        line = facade.consultation_line(made.id)
    assert (fact.actor_id, fact.data["siret"], fact.data["amount_cents"]) == (desk.buyer, SIRET, 17_500_000)
    assert facade.award(got.id) == facade.award_of(made.id) == got, "public: no scope is needed"
    assert line is not None
    assert line.state_label == "Attribuée"


def test_with_lots_it_is_awarded_with_the_last_of_them(desk: Desk) -> None:
    made = desk.opened(lots=2)
    assert desk.refused(made).code == "lot"
    assert desk.refused(made, lot=3).code == "lot"
    second = desk.award(made, terms(reference="2027-T-001-2"), lot=2)
    assert desk.state(made) == ("opened", "opened")
    again = desk.refused(made, terms(reference="autre"), lot=2)
    assert (again.code, again.message) == ("invalid", "L’attribution est déjà enregistrée.")
    first = desk.award(made, terms(reference="2027-T-001-1"), lot=1)
    assert desk.state(made) == ("awarded", "awarded")
    assert facade.awards_of(made.id) == [first, second]
    assert facade.award_of(made.id, 2) == second
    assert facade.award_of(made.id) is None
    with scope.authority(desk.house.id), pytest.raises(Refusal, match="déjà enregistrée en entier"):
        facade.record_award(made.id, terms(reference="x"), lot=1, actor_id=desk.buyer)


def test_nothing_is_awarded_before_the_opening(desk: Desk) -> None:
    made = published(desk.house, desk.buyer, lots=0)
    with scope.authority(desk.house.id), pytest.raises(Refusal, match="une fois les plis ouverts") as refusal:
        facade.record_award(made.id, terms(), actor_id=desk.buyer)
    assert refusal.value.code == "not_now"
    assert [state for state in ConsultationState if allowed(state, "record_award")] == ["opened"]


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        pytest.param({"contractor_siret": "7328293200007"}, "bad_siret", "contractor_siret", id="siret-short"),
        pytest.param({"contractor_siret": "73282932000075"}, "bad_siret", "contractor_siret", id="siret-false"),
        pytest.param({"contractor_name": " "}, "invalid", "contractor_name", id="no-name"),
        pytest.param({"reference": ""}, "invalid", "reference", id="no-reference"),
        pytest.param({"amount_cents": None}, "price", "amount_cents", id="no-amount"),
        pytest.param({"amount_cents": 0}, "invalid", None, id="for-nothing"),
        pytest.param({"framework_max_cents": 5}, "invalid", None, id="price-and-maximum"),
        pytest.param({"duration_months": 0}, "invalid", "duration_months", id="no-duration"),
        pytest.param({"notified_on": today()}, "invalid", None, id="notified-unsigned"),
        pytest.param({"signed_on": today(-2)}, "invalid", None, id="signed-before-decision"),
        pytest.param({"decided_on": today(1)}, "in_the_future", "decided_on", id="decided-tomorrow"),
        pytest.param({"decided_on": today(-30)}, "before_deadline", "decided_on", id="decided-before-the-bids"),
    ],
)
def test_an_award_that_cannot_be_is_refused(desk: Desk, wrong: dict[str, Any], code: str, field: str | None) -> None:
    refusal = desk.refused(desk.opened(lots=0), terms(**wrong))
    assert (refusal.code, refusal.field) == (code, field)
    assert refusal.message


def test_a_framework_agreement_stays_under_its_published_maximum(desk: Desk) -> None:
    made = desk.opened(lots=2, framework=True, framework_min_cents=10_000_000, framework_max_cents=160_000_000)
    assert desk.refused(made, lot=1).field == "framework_max_cents"
    first = desk.award(made, terms(**{**FRAMEWORK, "framework_max_cents": 60_000_000}), lot=1)
    assert (first.framework, first.framework_min_cents) == (True, 10_000_000)
    above = desk.refused(made, terms(**{**FRAMEWORK, "framework_max_cents": 100_000_001, "reference": "2"}), lot=2)
    assert above.code == "above_published"
    assert "1\u00a0000\u00a0000,00\u00a0€ à attribuer" in above.message
    desk.award(made, terms(**{**FRAMEWORK, "framework_max_cents": 100_000_000, "reference": "2"}), lot=2)
    assert desk.state(made)[0] == "awarded"


def test_the_days_of_signature_and_notification_come_later_and_once(desk: Desk) -> None:
    made = desk.opened(lots=0)
    got = desk.award(made)
    with scope.authority(desk.house.id):
        with pytest.raises(Refusal, match="une fois signé"):
            facade.complete_award(got.id, notified_on=today(), actor_id=desk.buyer)
        signed = facade.complete_award(got.id, signed_on=today(-1), actor_id=desk.buyer)
        assert (signed.signed_on, signed.notified_on) == (today(-1), None)
        done = facade.complete_award(got.id, signed_on=today(-1), notified_on=today(), actor_id=desk.buyer)
        with pytest.raises(Refusal, match="Il ne change plus") as refusal:
            facade.complete_award(got.id, notified_on=today(-1), actor_id=desk.buyer)
        facade.complete_award(got.id, notified_on=today(), actor_id=desk.buyer)
        kinds = [one.kind for one in audit.facts([made.id])]
    assert (done.notified_on, refusal.value.code) == (today(), "already_dated")
    assert kinds.count("award.completed") == 2, "the same day told again is no new fact"


def test_a_mistake_is_put_right_until_the_notification(desk: Desk) -> None:
    made = desk.opened(lots=0, framework=True, framework_max_cents=160_000_000)
    got = desk.award(made, terms(**{**FRAMEWORK, "framework_max_cents": 16_000_000}))
    right = terms(**FRAMEWORK, contractor_name="Toitures Réelles", signed_on=today(-1))
    with scope.authority(desk.house.id):
        with pytest.raises(Refusal) as unsaid:
            facade.correct_award(got.id, right, why=" ", actor_id=desk.buyer)
        wrong = replace(right, framework_max_cents=160_000_001)
        with pytest.raises(Refusal) as above:
            facade.correct_award(got.id, wrong, why="Un zéro oublié", actor_id=desk.buyer)
        fixed = facade.correct_award(got.id, right, why="Un zéro oublié", actor_id=desk.buyer)
        [fact] = [one for one in audit.facts([made.id]) if one.kind == "award.corrected"]
        facade.complete_award(got.id, notified_on=today(), actor_id=desk.buyer)
        with pytest.raises(Refusal, match="est notifié") as notified:
            facade.correct_award(got.id, right, why="Encore", actor_id=desk.buyer)
    assert [one.value.code for one in (unsaid, above, notified)] == ["why", "above_published", "notified"]
    assert (fixed.id, fixed.framework_max_cents, fixed.contractor_name) == (got.id, 160_000_000, "Toitures Réelles")
    assert (fact.data["why"], fact.data["framework_max_cents"]) == ("Un zéro oublié", 160_000_000)
    assert desk.state(made) == ("awarded", "awarded")


def test_a_contract_that_was_there_before_is_taken_up(desk: Desk) -> None:
    asked = terms(**FRAMEWORK, decided_on=date(2025, 3, 3), signed_on=date(2025, 3, 20), notified_on=date(2025, 4, 1))
    with scope.authority(desk.house.id):
        got = facade.record_existing_contract(asked, actor_id=desk.buyer)
        [fact] = audit.facts([got.id])
        with pytest.raises(Refusal, match="porte déjà ce numéro"):
            facade.record_existing_contract(asked, actor_id=desk.buyer)
        with pytest.raises(Refusal, match="inférieur à son minimum"):
            facade.record_existing_contract(replace(asked, framework_max_cents=1, reference="2"), actor_id=desk.buyer)
    assert (got.consultation_id, got.framework_max_cents, fact.kind) == (None, 160_000_000, "contract.taken_up")
    elsewhere = an_authority("ailleurs")
    with scope.authority(elsewhere.id):
        assert facade.awards() == []
        assert facade.award(got.id) == got
        with pytest.raises(Http404):
            facade.complete_award(got.id, signed_on=today(), actor_id=desk.buyer)
        with pytest.raises(Http404):
            facade.correct_award(got.id, asked, why="À moi", actor_id=desk.buyer)
        assert Award.objects.filter(id=got.id).update(contractor_name="À moi") == 0, "row security"


def test_a_trial_is_awarded_apart_and_an_unknown_award_is_said_so(desk: Desk) -> None:
    made = desk.opened(lots=0, is_test=True)
    got = desk.award(made)
    with scope.authority(desk.house.id):
        assert facade.awards() == []
    assert facade.award(got.id) == got
    with pytest.raises(Http404):
        facade.award(new_id())
