"""A contract taken up with what it had been ordered before: in the counter from the first day, proved, corrected."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.clock import PARIS
from parvis.kit.errors import Refusal
from parvis.notifications.models import Message
from parvis.pooling.models import FrameworkAgreement, Paper
from parvis.pooling.rules.framework_terms import Earlier
from parvis.pooling.selectors.coordinator_tasks import coordinator_tasks
from parvis.pooling.selectors.dossier import dossier
from parvis.pooling.selectors.frameworks import consumption, forecast_of, minimum_of
from parvis.pooling.selectors.waiting_here import waiting_here
from parvis.pooling.services.correct_earlier import correct_earlier
from parvis.pooling.services.dossier_pdf import dossier_data
from parvis.pooling.services.issue_order import issue_order
from parvis.pooling.services.record_framework import record_framework
from parvis.pooling.services.remind_groups import remind_groups
from parvis.pooling.services.save_framework import save_framework
from parvis.pooling.services.seed_tasks import seed_tasks
from parvis.procurement import facade as procurement
from parvis.procurement.models import Award
from tests.pooling.order_world import SIGNATORY, a_price, answered, issued, used
from tests.pooling.pooling_world import Circle, a_client, a_group, address, houses
from tests.pooling.test_framework import TERMS
from tests.pooling.test_framework import recorded as without
from tests.world import a_person, an_agent

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 10, 4, 9, 30, tzinfo=PARIS)
EARLIER = Earlier(412_380_00, date(2027, 9, 30), "État des commandes du service des finances")


@pytest.fixture
def circle() -> Circle:
    return a_group(houses(3))


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen_at(NOW):
        yield


def taken_up(circle: Circle, cents: int = EARLIER.cents, **fields: Any) -> FrameworkAgreement:
    return without(circle, earlier=replace(EARLIER, cents=cents), **fields)


def now(circle: Circle) -> FrameworkAgreement:
    with scope.authority(circle.coordinator.id):
        return FrameworkAgreement.objects.get()


def corrected(circle: Circle, earlier: Earlier, **more: Any) -> FrameworkAgreement:
    assert circle.framework
    with scope.authority(circle.coordinator.id):
        return correct_earlier(circle.framework.id, earlier, **{"reason": "Relu avec les finances", **more})


def test_what_was_ordered_before_is_used_and_proved(circle: Circle) -> None:
    terms = replace(TERMS, earlier=replace(EARLIER, source=""))
    with scope.authority(circle.coordinator.id):
        made = record_framework(
            circle.group.id, terms, proof=("etat.pdf", BytesIO(b"%PDF-1.7 etat")), actor_id=a_person().id
        )
        [fact] = [one for one in audit.facts([made.id]) if one.kind == "framework.recorded"]
    assert (made.used_cents, made.earlier_cents, made.earlier_until) == (412_380_00, 412_380_00, date(2027, 9, 30))
    assert fact.data["earlier_cents"] == 412_380_00
    with scope.authority(circle.member.id):
        [paper] = Paper.objects.filter(subject_id=made.id)
    assert paper.title == made.earlier_source
    assert (paper.kind, paper.dated) == ("other", date(2027, 9, 30)), (
        "no paper of the contract: nothing was handed over"
    )


@pytest.mark.parametrize(
    ("earlier", "code", "field"),
    [
        pytest.param(replace(EARLIER, cents=1_600_000_01), "above_maximum", "earlier_cents", id="above"),
        pytest.param(replace(EARLIER, until=None), "dates", "earlier_until", id="until-no-day"),
        pytest.param(replace(EARLIER, until=date(2027, 10, 5)), "dates", "earlier_until", id="after-the-take-up"),
        pytest.param(replace(EARLIER, until=date(2026, 3, 31)), "dates", "earlier_until", id="before-the-start"),
        pytest.param(replace(EARLIER, source=" "), "no_proof", "earlier_source", id="unproved"),
    ],
)
def test_what_it_refuses_at_the_take_up_and_later(circle: Circle, earlier: Earlier, code: str, field: str) -> None:
    def refused(act: Callable[[], object]) -> None:
        with scope.authority(circle.coordinator.id), pytest.raises(Refusal) as caught:
            act()
        assert (caught.value.code, caught.value.field) == (code, field)

    terms, somebody = replace(TERMS, earlier=earlier), a_person("Claude Repreneur").id
    refused(lambda: record_framework(circle.group.id, terms, actor_id=somebody))
    made = taken_up(circle)
    refused(lambda: correct_earlier(made.id, earlier, reason="Relu"))
    assert used(circle) == 412_380_00


def test_a_contract_of_a_consultation_of_here_had_no_order_before(circle: Circle) -> None:
    made = without(circle)
    with scope.authority(circle.coordinator.id):
        FrameworkAgreement.objects.update(consultation_id=made.id)
        with pytest.raises(Refusal) as caught:
            correct_earlier(made.id, EARLIER, reason="Oubli")
    assert caught.value.code == "not_taken_up"


def test_the_whole_maximum_may_be_used_already_and_the_example_holds_by_this_door(circle: Circle) -> None:
    """Ceiling of the worked example: 1,588,400.00 used; 11,600.01 refused, 11,600.00 accepted, then 0.01 refused."""
    taken_up(circle, 1_588_400_00)
    here = circle.member.id
    over, last, cent = (a_price(circle, cents) for cents in (11_600_01, 11_600_00, 1))
    for price, fits in ((over, False), (last, True), (cent, False)):
        order = answered(circle, here, price)
        with scope.authority(here):
            if fits:
                issue_order(order.id, signatory=SIGNATORY)
            else:
                with pytest.raises(Refusal) as caught:
                    issue_order(order.id, signatory=SIGNATORY)
                assert caught.value.code == "above_maximum"
    assert used(circle) == 1_600_000_00
    assert now(circle).earlier_cents == 1_588_400_00


def test_nobody_is_written_about_what_was_there_before(circle: Circle) -> None:
    an_agent(circle.member, "referent", "Référent")
    made = taken_up(circle, 1_200_000_00)
    alerts = Message.objects.filter(subject_id=made.id)
    assert now(circle).alerted_percent == 75
    issued(circle, circle.member.id, circle.prices["JOUR"])
    assert not alerts.exists()
    issued(circle, circle.member.id, a_price(circle, 250_000_00))
    assert ["90" in one.title for one in alerts.all()] == [True]


def test_it_is_corrected_against_the_orders_of_here(circle: Circle) -> None:
    made = taken_up(circle)
    issued(circle, circle.member.id, circle.prices["BASE"])
    with pytest.raises(Refusal) as caught:
        corrected(circle, replace(EARLIER, cents=1_600_000_00 - 38_750_00 + 1))
    assert (caught.value.code, caught.value.field) == ("above_maximum", "earlier_cents")
    with pytest.raises(Refusal) as caught:
        corrected(circle, EARLIER, reason=" ")
    assert caught.value.code == "no_reason"
    corrected(circle, replace(EARLIER, cents=1_600_000_00 - 38_750_00))
    assert used(circle) == 1_600_000_00
    back = corrected(circle, Earlier(0), reason="Rien n’avait été commandé")
    assert (back.used_cents, back.earlier_until, back.earlier_source) == (38_750_00, None, "")
    with scope.authority(circle.coordinator.id):
        facts = [one.data for one in audit.facts([made.id]) if one.kind == "framework.earlier_corrected"]
    assert sorted((one["before_cents"], one["after_cents"]) for one in facts) == [
        (412_380_00, 1_561_250_00), (1_561_250_00, 0),
    ]  # fmt: skip


def test_only_the_coordinator_corrects_it(circle: Circle) -> None:
    made = taken_up(circle)
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        correct_earlier(made.id, EARLIER, reason="Relu")
    assert caught.value.code == "not_coordinator"


def test_the_rest_of_the_contract_is_corrected_around_it(circle: Circle) -> None:
    made = taken_up(circle)
    with scope.authority(circle.coordinator.id):
        for fields, code in (
            ({"max_cents": 412_379_99}, "below_used"),
            ({"starts_on": date(2027, 10, 1), "ends_on": date(2031, 10, 1)}, "dates"),
        ):
            with pytest.raises(Refusal) as caught:
                save_framework(made.id, replace(TERMS, **fields))
            assert caught.value.code == code
        assert save_framework(made.id, replace(TERMS, max_cents=500_000_00)).alerted_percent == 75


def test_the_database_keeps_it_within_what_is_used_and_proved(circle: Circle) -> None:
    made = taken_up(circle)
    said = "framework_earlier_orders_are_proved"
    for fields in ({"earlier_cents": 412_380_01}, {"earlier_source": ""}, {"earlier_until": None}):
        with (
            scope.authority(circle.coordinator.id),
            pytest.raises(IntegrityError, match=said),
            transaction.atomic(),
        ):
            FrameworkAgreement.objects.filter(id=made.id).update(**fields)


def test_consumption_adds_up_with_what_was_before(circle: Circle) -> None:
    taken_up(circle)
    issued(circle, circle.member.id, circle.prices["BASE"])
    issued(circle, circle.houses[2].id, circle.prices["JOUR"])
    with scope.authority(circle.member.id):
        framework = FrameworkAgreement.objects.get()
        read, expected = consumption(framework), forecast_of(framework)
        least = minimum_of(framework, expected)
    orders = 38_750_00 + 580_00
    assert read.used_cents == read.earlier_cents + orders == 412_380_00 + orders
    for rows in (read.taken, read.by_kind):
        assert sum(row[1] for row in rows) + read.earlier_cents == read.used_cents
    assert sum(cents for _house, _count, cents in read.by_member) == orders
    assert [(one[1], one[2]) for one in read.by_month] == [(orders, read.used_cents)]
    assert read.percent == 28.2
    assert (least.missing_cents, least.at_risk) == (0, False)
    assert (expected.window_from, expected.earlier_cents) == (TERMS.starts_on, 412_380_00)


def test_every_page_shows_it_and_adds_up(circle: Circle) -> None:
    made = taken_up(circle)
    issued(circle, circle.member.id, circle.prices["BASE"])
    corrected(circle, replace(EARLIER, cents=412_000_00), reason="Un avoir de juin manquait")
    group = circle.group.id

    def seen(url: str, client: Client) -> str:
        return client.get(url).content.decode().replace("\u202f", " ").replace("\u00a0", " ")

    member = a_client(circle.member)
    page = seen(address(circle.member, "groupements", group, "accords-cadres", made.id), member)
    for said in (
        "450 750,00 €", "Commandé avant Parvis", "412 000,00 €", "non réparti entre les membres",
        "Un avoir de juin manquait", "toute la vie du contrat", "38 750,00 €",
    ):  # fmt: skip
        assert said in page, said
    assert "Corriger ce qui était commandé" not in page
    assert "Dont 412 000,00 € commandés avant Parvis" in seen(address(circle.member, "groupements", group), member)
    public = f"/{circle.member.slug}/groupements/{group}"
    assert "412 000,00 € commandés avant" in seen(f"{public}/", Client())
    [data] = json.loads(Client().get(f"{public}.json").content)["frameworks"]
    assert (data["used_excl_vat"], data["used_before_the_platform_excl_vat"]) == (450_750_00, 412_000_00)
    assert data["used_before_the_platform_until"] == "2027-09-30"
    with scope.authority(circle.member.id):
        [paper] = dossier_data(dossier(circle.group), "Grande Vallée")["frameworks"]
    assert "412\u00a0000,00\u00a0€ commandés avant Parvis" in paper["words"]


def test_it_is_typed_with_the_contract_and_corrected_on_its_page(circle: Circle) -> None:
    client = a_client(circle.coordinator, "coordinator")
    at = address(circle.coordinator, "groupements", circle.group.id, "accords-cadres")
    terms = {
        "reference": "AC-1", "title": "Guichet", "contractor_name": "Lignes Claires",
        "contractor_siret": "732 829 320 00074", "launched_on": "2026-01-15", "awarded_on": "2026-03-01",
        "signed_on": "2026-03-15", "notified_on": "2026-03-20", "starts_on": "2026-04-01", "ends_on": "2030-03-31",
        "min_cents": "100 000", "max_cents": "1 600 000,00", "earlier_cents": "412 380",
        "earlier_until": "2027-09-30",
    }  # fmt: skip
    new = f"{at}nouveau/?reprise=1"
    assert "Dites d’où vient ce montant" in client.post(new, terms).content.decode()
    proof = SimpleUploadedFile("etat.pdf", b"%PDF-1.7 etat")
    client.post(new, {**terms, "earlier_file": proof})
    made = now(circle)
    assert (made.used_cents, made.earlier_cents) == (412_380_00, 412_380_00)
    page = f"{at}{made.id}/deja-commande/"
    assert "412\u00a0380,00" in client.get(page).content.decode()
    said = {"earlier_cents": "1 700 000", "earlier_until": "2027-09-30", "earlier_source": "État", "reason": "Relu"}
    assert "vérifiez les deux montants" in client.post(page, said).content.decode()
    assert client.post(page, {**said, "earlier_cents": "412 000,50"}).status_code == 302
    assert now(circle).used_cents == 412_000_50
    assert client.get(f"{at}{made.id}/corriger/").status_code == 200
    assert "earlier_cents" not in client.get(f"{at}{made.id}/corriger/").content.decode()
    other = address(circle.member, "groupements", circle.group.id, "accords-cadres", made.id, "deja-commande")
    assert a_client(circle.member, "coordinator").get(other).status_code == 404


def test_an_award_of_here_offers_no_such_fields(circle: Circle) -> None:
    entered = procurement.AwardInput(
        reference="M-1", title="Guichet", contractor_name="Lignes Claires", contractor_siret="73282932000074",
        decided_on=date(2026, 3, 1), duration_months=48, framework_min_cents=0, framework_max_cents=900_000_00,
    )  # fmt: skip
    with scope.authority(circle.coordinator.id):
        award = procurement.record_existing_contract(entered, actor_id=a_person().id)
    at = address(circle.coordinator, "groupements", circle.group.id, "accords-cadres", "nouveau")
    client = a_client(circle.coordinator, "coordinator")
    assert 'name="earlier_cents"' in client.get(f"{at}?attribution={award.id}").content.decode()
    with scope.authority(circle.coordinator.id):
        assert Award.objects.get(id=award.id).consultation_id is None


def test_duties_of_before_the_take_up_are_not_late(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        seed_tasks(circle.group)
    taken_up(circle)
    with scope.authority(circle.coordinator.id):
        rows = {one.task.code: one for one in coordinator_tasks(circle.group)}
        before = {code for code, one in rows.items() if one.before}
        assert before == {"legality", "award_notice", "handover", "essential_data"}
        assert not any(one.late for one in rows.values())
        words = {one.done.because for one in rows.values() if one.done and one.seen}
        assert not any("consultation" in one for one in words), "no consultation of here is told of"
        assert remind_groups() == 0
        assert waiting_here() == []
    client = a_client(circle.coordinator, "coordinator")
    at = address(circle.coordinator, "groupements", circle.group.id)
    page = client.get(f"{at}suivi/").content.decode()
    assert page.count("Avant la reprise") == 5
    assert "En retard" not in page
    assert "Publier l’avis d’attribution" not in client.get(at).content.decode()
    task = rows["award_notice"].task
    client.post(f"{at}suivi/{task.id}/", {"verb": "done", "done_on": "2026-04-10", "note": ""})
    with scope.authority(circle.coordinator.id):
        [row] = [one for one in coordinator_tasks(circle.group) if one.task.id == task.id]
    assert row.done is not None
    assert not row.before


def test_a_duty_that_comes_after_the_take_up_may_be_late(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        seed_tasks(circle.group)
    without(circle, notified_on=date(2027, 9, 20), signed_on=date(2027, 9, 15))
    with clock.frozen_at(NOW + timedelta(days=90)), scope.authority(circle.coordinator.id):
        late = {one.task.code for one in coordinator_tasks(circle.group) if one.late}
    assert late == {"award_notice", "essential_data"}
