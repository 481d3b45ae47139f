"""Publication: what it refuses, what it writes, and that it happens once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from parvis.audit import facade as audit
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, OpeningKey, ProcurementDocument, PublishedConsultation
from parvis.procurement.services.publish_consultation import Incomplete, publish_consultation
from parvis.procurement.services.remove_document import remove_document
from parvis.procurement.services.save_draft import CriterionInput, LotInput, save_draft
from tests.procurement.draft_world import a_document, a_draft, noon_in, published, with_keys
from tests.world import an_agent, an_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Authority:
    return an_authority()


@pytest.fixture
def buyer(house: Authority) -> Any:
    return an_agent(house, "buyer").id


def test_a_complete_draft_with_rehearsed_keys_is_published(house: Authority, buyer: Any) -> None:
    made = published(house, buyer)
    assert made.state == "published"
    assert made.published_at is not None
    row = PublishedConsultation.objects.get(id=made.id)
    assert (row.title, row.lots, row.deadline, row.state) == (made.title, 2, made.deadline, "published")
    with scope.authority(house.id):
        facts = audit.facts([made.id], ["consultation.published"])
    assert len(facts) == 1
    assert facts[0].actor_id == buyer
    assert facts[0].data["documents_version"] == made.documents_version
    assert len(facts[0].data["keys"]) == 3


def test_nothing_confidential_is_public(house: Authority, buyer: Any) -> None:
    made = published(house, buyer, estimated_cents=18_765_432)
    with scope.authority(house.id):
        fact = audit.facts([made.id], ["consultation.published"])[0]
    assert "18765432" not in str(fact.data)
    row = PublishedConsultation.objects.filter(id=made.id).values().get()
    assert "18765432" not in str(row)


EMPTIED = [
    ("title", ""), ("purpose", ""), ("procedure", ""), ("nature", ""), ("cpv", ""), ("place_nuts", ""),
    ("estimated_cents", None), ("duration_months", None), ("deadline", None), ("contact_name", ""),
    ("contact_email", ""), ("contact_email", "marches"), ("cpv", "toiture"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), EMPTIED)
def test_an_answer_that_is_missing_is_refused(house: Authority, buyer: Any, name: str, value: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer)
        with_keys(made, buyer)
        save_draft(made.id, {name: value}, actor_id=buyer, discard_keys=True)
        with pytest.raises(Incomplete) as refused:
            publish_consultation(made.id, actor_id=buyer)
        missing = {"purpose": "object", "deadline": "deadline_utc"}.get(name, name)
        assert missing in {one.field for one in refused.value.missing}
        assert Consultation.objects.get(id=made.id).state == "draft"
    assert not PublishedConsultation.objects.exists()


def test_weights_that_do_not_make_100_are_refused(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer)
        with_keys(made, buyer)
        save_draft(made.id, {}, actor_id=buyer, criteria=[CriterionInput("Prix", 6000)])
        with pytest.raises(Incomplete, match="60 au lieu de 100"):
            publish_consultation(made.id, actor_id=buyer)


def test_a_single_lot_is_refused(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer, lots=1)
        with_keys(made, buyer)
        with pytest.raises(Incomplete) as refused:
            publish_consultation(made.id, actor_id=buyer)
        assert [one.field for one in refused.value.missing] == ["lots"]


def test_without_documents_or_without_the_rules_is_refused(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer)
        with_keys(made, buyer)
        first, second = ProcurementDocument.objects.filter(consultation=made).order_by("position")
        remove_document(made.id, first.id, actor_id=buyer)
        with pytest.raises(Incomplete, match="Règlement de la consultation"):
            publish_consultation(made.id, actor_id=buyer)
        remove_document(made.id, second.id, actor_id=buyer)
        with pytest.raises(Incomplete) as refused:
            publish_consultation(made.id, actor_id=buyer)
        assert [one.field for one in refused.value.missing] == ["documents_count"]


def test_without_keys_or_rehearsal_is_refused(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer)
        with pytest.raises(Incomplete) as refused:
            publish_consultation(made.id, actor_id=buyer)
        assert [one.field for one in refused.value.missing] == ["keys_made"]
        with_keys(made, buyer, rehearsed=False)
        with pytest.raises(Incomplete, match="répété"):
            publish_consultation(made.id, actor_id=buyer)


def test_a_deadline_before_the_lawful_one_is_refused_with_the_computed_day(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer, procedure="open", deadline=noon_in(20))
        a_document(made, buyer, "CCAP.pdf")
        a_document(made, buyer, "CCTP.pdf")
        with_keys(made, buyer)
        with pytest.raises(Incomplete) as refused:
            publish_consultation(made.id, actor_id=buyer)
        (missing,) = refused.value.missing
        assert missing.field == "deadline_utc"
        earliest = clock.now().astimezone(clock.PARIS) + timedelta(days=30)
        assert str(earliest.year) in missing.message
        save_draft(made.id, {"deadline": noon_in(40)}, actor_id=buyer)
        assert publish_consultation(made.id, actor_id=buyer).state == "published"


def test_holidays_move_the_lawful_day_in_alsace_only(buyer: Any, house: Authority) -> None:
    dijon = an_authority("dijon-essai", department="21")
    with clock.frozen_at(clock.datetime(2026, 3, 4, 9, tzinfo=clock.UTC)):
        for place, day, lawful in ((house, 3, house.good_friday is False), (dijon, 3, True)):
            with scope.authority(place.id):
                made = a_draft(buyer, procedure="open", deadline=clock.datetime(2026, 4, day, 12, tzinfo=clock.PARIS))
                a_document(made, buyer, "CCAP.pdf")
                a_document(made, buyer, "CCTP.pdf")
                with_keys(made, buyer)
                assert (publish_consultation(made.id, actor_id=buyer).state == "published") is lawful
        house.good_friday = True
        house.save()
        with scope.authority(house.id):
            made = a_draft(buyer, procedure="open", deadline=clock.datetime(2026, 4, 3, 12, tzinfo=clock.PARIS))
            a_document(made, buyer, "CCAP.pdf")
            a_document(made, buyer, "CCTP.pdf")
            with_keys(made, buyer)
            with pytest.raises(Incomplete, match="7 avril 2026"):
                publish_consultation(made.id, actor_id=buyer)


def test_a_past_deadline_is_refused(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer, deadline=clock.now() - timedelta(minutes=1))
        with_keys(made, buyer)
        with pytest.raises(Incomplete, match="déjà passée"):
            publish_consultation(made.id, actor_id=buyer)


def test_once_published_the_entry_is_closed(house: Authority, buyer: Any) -> None:
    made = published(house, buyer)
    with scope.authority(house.id):
        with pytest.raises(Refusal, match="déjà publiée"):
            save_draft(made.id, {"title": "Autre"}, actor_id=buyer)
        with pytest.raises(Refusal, match="déjà publiée"):
            publish_consultation(made.id, actor_id=buyer)


def test_a_change_of_lots_throws_the_keys_away_only_when_agreed(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer)
        with_keys(made, buyer)
        with pytest.raises(Refusal) as refused:
            save_draft(made.id, {}, actor_id=buyer, lots=[LotInput("Un"), LotInput("Deux"), LotInput("Trois")])
        assert refused.value.code == "keys_made"
        assert OpeningKey.objects.filter(consultation=made).exists()
        renamed = [LotInput("Couverture"), LotInput("Zinguerie")]
        assert save_draft(made.id, {}, actor_id=buyer, lots=renamed) == ("lots",)
        assert OpeningKey.objects.filter(consultation=made).count() == 4
        save_draft(made.id, {}, actor_id=buyer, lots=[*renamed, LotInput("Maçonnerie")], discard_keys=True)
        assert not OpeningKey.objects.filter(consultation=made).exists()
        assert audit.facts([made.id], ["keys.discarded"])


def test_a_change_of_procedure_throws_the_keys_away_only_when_envelopes_change(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer)
        with_keys(made, buyer)
        assert save_draft(made.id, {"procedure": "open"}, actor_id=buyer) == ("procedure",)
        assert OpeningKey.objects.filter(consultation=made).exists()
        with pytest.raises(Refusal) as refused:
            save_draft(made.id, {"procedure": "restricted"}, actor_id=buyer)
        assert refused.value.code == "keys_made"


def test_a_field_that_is_not_the_buyers_is_not_saved(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer)
        for name in ("state", "published_at", "documents_version", "authority_id"):
            with pytest.raises(KeyError):
                save_draft(made.id, {name: "published"}, actor_id=buyer)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_publish_together_publish_once(house: Authority, buyer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the row held, one wins; the control takes the lock away and both believe that they published."""

    def race() -> tuple[int, int]:
        with scope.authority(house.id):
            made = a_draft(buyer)
            with_keys(made, buyer)
        gate, wins = threading.Barrier(2), []

        def run() -> None:
            try:
                with scope.authority(house.id):
                    gate.wait(5)
                    publish_consultation(made.id, actor_id=buyer)
                    wins.append(1)
            except Refusal:
                pass
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        with scope.authority(house.id):
            return len(wins), len(audit.facts([made.id], ["consultation.published"]))

    assert connection.vendor == "postgresql"
    for _ in range(3):
        assert race() == (1, 1)

    from parvis.procurement.services import publish_consultation as module

    slow = threading.Barrier(2)

    def unlocked(consultation_id: Any, *verbs: str) -> Consultation:
        found: Consultation = Consultation.objects.get(id=consultation_id)
        slow.wait(5)
        return found

    monkeypatch.setattr(module, "locked_consultation", unlocked)
    assert race() == (2, 2), "without the lock the race must show, or this test proves nothing"
