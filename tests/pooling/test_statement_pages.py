"""The pages of statements: what each side sees first, what it may do, and that nothing leaves before it is read."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from parvis.kit import clock, scope
from parvis.pooling.models import CostItem, Membership, Payment, ShareRun, Statement, StatementLine
from parvis.pooling.rules import replay
from parvis.pooling.rules.statement_csv import COLUMNS
from parvis.pooling.selectors import recompute as recomputing
from parvis.pooling.selectors.recompute import Verdict, recompute
from parvis.pooling.selectors.statement_document import FORMAT, statement_document
from parvis.pooling.selectors.statements import lines_with_runs
from parvis.pooling.services.credit_statement import credit_statement
from tests.pooling.pooling_world import Circle, a_client, a_cost
from tests.pooling.statement_world import a_called_circle, called_from, close, releves

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def circle() -> Iterator[Circle]:
    with clock.frozen_at(NOW):
        yield a_called_circle(1)


def text(response: Any) -> str:
    assert response.status_code in {200, 422}, response.status_code
    return str(response.content.decode())


def test_a_debtor_sees_first_what_it_owes_to_whom_and_for_when(circle: Circle) -> None:
    page = text(a_client(circle.member, "finance_agent").get(releves(circle, circle.member)))
    # (12 108,30 + 4 683,96) / 2 HT, and VAT.
    assert '<p class="sum">10\u00a0075,36\u00a0€</p>' in page
    assert "à Grande Vallée, pour le jeudi 10 décembre 2026" in page
    assert page.index('class="sum"') < page.index("Chaque relevé")
    assert "Préparer" not in page


def test_the_creditor_sees_sums_by_debtor_and_what_comes_next(circle: Circle) -> None:
    page = text(a_client(circle.coordinator, "coordinator").get(releves(circle, circle.coordinator)))
    assert "Acompte 2 sur 2 de 2026" in page
    assert "Préparer l’acompte 2" in page
    assert page.index("Par débiteur") < page.index("Chaque relevé")
    assert page.count("Pourquoi") >= 6


def test_an_unknown_year_or_view_shows_the_present_one(circle: Circle) -> None:
    browser = a_client(circle.member, "finance_agent")
    page = text(browser.get(releves(circle, circle.member) + "?annee=99999999999&vue=tout"))
    assert "Relevés 2026" in page


def test_a_preview_writes_nothing_and_shows_every_statement(circle: Circle) -> None:
    browser = a_client(circle.coordinator, "coordinator")
    page = text(browser.get(releves(circle, circle.coordinator, 2026, "acompte", 2)))
    for house in circle.houses[1:]:
        assert f">{house.name}</h3>" in page
    assert "Acompte 2 sur 2, toute cette part est due à ce stade" in page
    with scope.authority(circle.coordinator.id):
        assert Statement.objects.count() == 5
        assert ShareRun.objects.count() == 2


def test_what_was_previewed_is_issued(circle: Circle) -> None:
    browser = a_client(circle.coordinator, "coordinator")
    where = releves(circle, circle.coordinator, 2026, "acompte", 2)
    seen = text(browser.get(where)).split('name="seen" value="')[1].split('"')[0]
    done = browser.post(where, {"seen": seen, "due_on": "2026-12-20"})
    assert done.status_code == 302
    [first, second] = called_from(circle, circle.member)
    assert (second.due_on, second.ht_cents) == (date(2026, 12, 20), first.ht_cents)
    assert sum(one.ttc_cents for house in circle.houses[1:] for one in called_from(circle, house)[1:]) == int(seen)


def test_a_total_that_changed_since_it_was_read_is_read_again(circle: Circle) -> None:
    browser = a_client(circle.coordinator, "coordinator")
    where = releves(circle, circle.coordinator, 2026, "acompte", 2)
    seen = text(browser.get(where)).split('name="seen" value="')[1].split('"')[0]
    a_cost(circle, "support", 1_000_00, "shared")
    again = browser.post(where, {"seen": seen, "due_on": "2026-12-20"})
    assert again.status_code == 422
    page = text(again)
    assert "Les montants ont changé" in page
    assert f'name="seen" value="{seen}"' not in page
    assert len(called_from(circle, circle.member)) == 1


def test_a_day_already_past_is_refused_beside_its_field(circle: Circle) -> None:
    browser = a_client(circle.coordinator, "coordinator")
    where = releves(circle, circle.coordinator, 2026, "acompte", 2)
    page = text(browser.post(where, {"due_on": "2026-11-09"}))
    assert "Cette échéance est déjà passée" in page
    assert 'value="2026-11-09"' in page


def test_the_closing_page_says_what_is_missing_then_previews(circle: Circle) -> None:
    browser = a_client(circle.coordinator, "coordinator")
    where = releves(circle, circle.coordinator, 2026, "solde")
    page = text(browser.get(where))
    assert "Ce qui manque pour solder" in page
    with scope.authority(circle.coordinator.id):
        one = CostItem.objects.first()
    assert f"/couts/{one.id}/" in page
    assert "Émettre" not in page
    close(circle, 10_00)
    page = text(browser.get(where))
    assert "Émettre les 5 relevés" in page
    assert "Solde, toute cette part est due" in page


def test_a_year_without_cost_has_nothing_to_preview(circle: Circle) -> None:
    browser = a_client(circle.coordinator, "coordinator")
    assert browser.get(releves(circle, circle.coordinator, 2027, "acompte", 1)).status_code == 302
    assert browser.get(releves(circle, circle.coordinator, 2026, "acompte", 9)).status_code == 302


def test_a_statement_says_what_is_due_and_proves_each_line(circle: Circle) -> None:
    [one] = called_from(circle, circle.member)
    page = text(a_client(circle.member, "observer").get(releves(circle, circle.member, one.id)))
    assert "Votre collectivité doit 10\u00a0075,36\u00a0€ à Grande Vallée" in page
    assert "4\u00a0444\u00a0355/14\u00a0223\u00a0198" in page
    assert "Acompte 1 sur 2, 1/2 de cette part est dû à ce stade" in page
    assert "Relevé émis" in page
    assert "Noter un paiement" not in page
    assert "avoir" not in page.split("Ce qui s’est passé")[1].split("<footer")[0]


def test_the_recomputation_is_identical(circle: Circle) -> None:
    [one] = called_from(circle, circle.member)
    browser = a_client(circle.member, "observer")
    assert "Chaque ligne retombe" in text(browser.get(releves(circle, circle.member, one.id, "recalcul")))


@pytest.mark.parametrize("field", ["ht_cents", "vat_cents", "share", "record"])
def test_an_altered_statement_is_seen(circle: Circle, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    """Nobody can change these rows through the platform: the change is made where they are read."""
    [one] = called_from(circle, circle.member)

    def altered(statement: Statement) -> list[StatementLine]:
        lines = lines_with_runs(statement)
        if field == "record":
            lines[0].run.record["populations"][0][3] += 1
        elif field == "share":
            lines[0].share = "1/2"
        else:
            setattr(lines[0], field, getattr(lines[0], field) + 1)
        return lines

    monkeypatch.setattr(recomputing, "lines_with_runs", altered)
    page = text(a_client(circle.member, "observer").get(releves(circle, circle.member, one.id, "recalcul")))
    assert "Modifié après coup" in page
    assert "Ne payez ni n’encaissez" in page
    with scope.authority(circle.member.id):
        assert [line.verdict for line in recompute(one)] == [Verdict.ALTERED, Verdict.IDENTICAL]


def test_a_credit_and_a_closing_are_recomputed_too(circle: Circle) -> None:
    with clock.frozen_at(NOW + timedelta(days=1)):
        close(circle, -700_00)
        browser = a_client(circle.coordinator, "coordinator")
        where = releves(circle, circle.coordinator, 2026, "solde")
        assert browser.post(where, {"due_on": "2026-12-20"}).status_code == 302
    with clock.frozen_at(NOW + timedelta(days=2)), scope.authority(circle.coordinator.id):
        closing = Statement.objects.get(kind="closing", debtor=circle.member)
        credit = credit_statement(closing.id, "Erreur")
        for one in (closing, credit):
            assert {line.verdict for line in recompute(one)} == {Verdict.IDENTICAL}


def test_payments_in_part_then_whole(circle: Circle) -> None:
    [one] = called_from(circle, circle.member)
    browser = a_client(circle.coordinator, "finance_agent")
    where = releves(circle, circle.coordinator, one.id, "paiement")
    assert 'value="10\u00a0075,36"' in text(browser.get(where))
    assert browser.post(where, {"amount_cents": "75,36", "paid_on": "2026-11-10"}).status_code == 302
    page = text(browser.get(releves(circle, circle.coordinator, one.id)))
    assert "Payé en partie" in page
    over = browser.post(where, {"amount_cents": "10 000,01", "paid_on": "2026-11-10"})
    assert over.status_code == 422
    assert "Il ne reste que" in text(over)
    assert 'value="10 000,01"' in text(over)
    browser.post(where, {"amount_cents": "10000", "paid_on": "2026-11-10", "reference": "Bordereau 4"})
    assert "Tout est réglé" in text(browser.get(releves(circle, circle.coordinator, one.id)))
    with scope.authority(circle.coordinator.id):
        assert [paid.amount_cents for paid in Payment.objects.all()] == [75_36, 10_000_00]


def test_a_credit_is_asked_once_more_and_says_what_it_does(circle: Circle) -> None:
    [one] = called_from(circle, circle.member)
    browser = a_client(circle.coordinator, "coordinator")
    where = releves(circle, circle.coordinator, one.id, "avoir")
    page = text(browser.get(where))
    assert "Un avoir de 10\u00a0075,36\u00a0€ sera émis" in page
    assert browser.post(where, {"reason": ""}).status_code == 422
    done = browser.post(where, {"reason": "Population fausse"})
    assert done.status_code == 302
    page = text(browser.get(releves(circle, circle.coordinator)))
    assert "Compléter l’acompte 1" in page
    assert "Annulé par un avoir" in page
    assert browser.get(where).status_code == 302


@pytest.mark.parametrize("part", ["avoir", "paiement"])
def test_only_the_creditor_handles_its_statement(circle: Circle, part: str) -> None:
    [one] = called_from(circle, circle.member)
    browser = a_client(circle.member, "referent")
    assert browser.get(releves(circle, circle.member, one.id, part)).status_code == 404
    assert browser.post(releves(circle, circle.member, one.id, part), {"reason": "Non"}).status_code == 404


def test_a_finance_agent_collects_but_does_not_call(circle: Circle) -> None:
    browser = a_client(circle.coordinator, "finance_agent")
    [one] = called_from(circle, circle.member)
    assert "Préparer" not in text(browser.get(releves(circle, circle.coordinator)))
    assert browser.get(releves(circle, circle.coordinator, 2026, "acompte", 2)).status_code == 403
    assert browser.get(releves(circle, circle.coordinator, one.id, "avoir")).status_code == 403
    assert browser.get(releves(circle, circle.coordinator, one.id, "paiement")).status_code == 200


def test_a_member_keeps_its_own_codes_for_the_next_calls(circle: Circle) -> None:
    browser = a_client(circle.member, "finance_agent")
    where = releves(circle, circle.member, "coordonnees")
    assert browser.post(where, {"service_code": " FIN  1 ", "commitment": "EJ-7"}).status_code == 302
    assert "FIN 1" in text(browser.get(releves(circle, circle.member)))
    with scope.authority(circle.coordinator.id):
        membership = Membership.objects.get(member=circle.member)
        assert (membership.service_code, membership.commitment) == ("FIN 1", "EJ-7")
    [one] = called_from(circle, circle.member)
    assert (one.service_code, one.commitment) == ("", "")
    a_client(circle.coordinator, "coordinator").post(
        releves(circle, circle.coordinator, 2026, "acompte", 2), {"due_on": "2026-12-20"}
    )
    assert called_from(circle, circle.member)[1].service_code == "FIN 1"


def test_the_year_as_a_sheet_for_the_finance_software(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        CostItem.objects.filter(kind="base").update(label="=HYPERLINK(1)")
    browser = a_client(circle.coordinator, "finance_agent")
    a_client(circle.coordinator, "coordinator").post(
        releves(circle, circle.coordinator, 2026, "acompte", 2), {"due_on": "2026-12-20"}
    )
    answer = browser.get(releves(circle, circle.coordinator, 2026, "lignes.csv").rstrip("/") + "?vue=appeles")
    content = answer.content.decode()
    assert content.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(content[1:]), delimiter=";"))
    assert list(rows[0]) == [one.head for one in COLUMNS]
    assert len(rows) == 5 * 2 * 2
    mulhouse = [row for row in rows if row["debiteur"] == "Mulhouse" and row["acompte"] == "1"]
    assert [row["ht"] for row in mulhouse] == ["6054,15", "2341,98"]
    assert {row["taux_tva"] for row in mulhouse} == {"20"}
    assert mulhouse[0]["fraction"] == "4444355/14223198"
    assert {row["libelle"] for row in rows if row["acompte"] == "2"} == {"'=HYPERLINK(1)", "Hosting"}


def test_the_open_document_holds_all_that_recomputes_it(circle: Circle) -> None:
    [one] = called_from(circle, circle.member)
    browser = a_client(circle.member, "observer")
    made = json.loads(browser.get(releves(circle, circle.member, one.id, "releve.json").rstrip("/")).content)
    assert made["format"] == "parvis.statement/1"
    assert made["debtor"]["siret"] == circle.member.siret
    assert made["total"]["ttc"] == {"cents": 10_075_36, "euros": "10075.36"}
    assert sum(line["ht"]["cents"] for line in made["lines"]) == made["total"]["ht"]["cents"]
    for line in made["lines"]:
        again = replay(line["computation"]["record"]).share(circle.member.siren)
        assert line["share"] == {"numerator": str(again.numerator), "denominator": str(again.denominator)}


def test_the_year_as_paper(circle: Circle) -> None:
    browser = a_client(circle.coordinator, "observer")
    where = releves(circle, circle.coordinator, 2026, "releves.zip").rstrip("/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(browser.get(where + "?vue=appeles"))))
    assert len(archive.namelist()) == 5
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert browser.get(where + "?vue=a-payer").status_code == 404


def test_the_formats_are_described_where_they_are_downloaded(circle: Circle) -> None:
    browser = a_client(circle.member, "observer")
    assert releves(circle, circle.member, "formats") in text(browser.get(releves(circle, circle.member)))
    page = text(browser.get(releves(circle, circle.member, "formats")))
    assert all(one.head in page for one in COLUMNS)


def test_the_open_format_is_documented() -> None:
    told = (Path(__file__).parents[2] / "docs" / "formats-statements.md").read_text()
    assert FORMAT in told
    assert [one.head for one in COLUMNS if f"`{one.head}`" not in told] == []


def test_every_field_of_the_open_document_is_documented(circle: Circle) -> None:
    told = (Path(__file__).parents[2] / "docs" / "formats-statements.md").read_text()
    [one] = called_from(circle, circle.member)
    with scope.authority(circle.member.id):
        made = statement_document(one)
    names = {*made, *(f".{name}" for name in made["lines"][0])}
    silent = [name for name in sorted(names) if f"{name}`" not in told and f"{name}[]`" not in told]
    assert silent == []


def test_a_payment_is_taken_back_from_the_page_of_its_statement(circle: Circle) -> None:
    [one] = called_from(circle, circle.member)
    browser = a_client(circle.coordinator, "finance_agent")
    browser.post(
        releves(circle, circle.coordinator, one.id, "paiement"), {"amount_cents": "1", "paid_on": "2026-11-10"}
    )
    with scope.authority(circle.coordinator.id):
        paid = Payment.objects.get()
    where = releves(circle, circle.coordinator, one.id, "paiement", paid.id, "correction")
    assert where in text(browser.get(releves(circle, circle.coordinator, one.id)))
    assert browser.post(where, {"reason": ""}).status_code == 422
    assert browser.post(where, {"reason": "Un autre relevé"}).status_code == 302
    page = text(browser.get(releves(circle, circle.coordinator, one.id)))
    assert where not in page
    assert "Paiement repris" in page
    assert "doit 10\u00a0075,36" in page
