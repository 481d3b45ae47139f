"""The pages of costs in a browser's hands: what each shows, to whom, and what their forms do."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.authorities.models import Authority
from parvis.eservices.models import EServiceUse
from parvis.kit import scope
from parvis.pooling.models import CostItem, CostKey, DatedPopulation
from parvis.pooling.rules import record
from parvis.pooling.selectors.book import book_of
from tests.pooling.cost_world import BASE, called, single_payer_keys, written
from tests.pooling.pooling_world import Circle, a_client, a_cost, a_group, address, with_eservices
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def the_example() -> Circle:
    """Base and hosting of the worked example; a project of two members."""
    circle = a_group()
    with_eservices(circle)
    a_cost(circle, "base", 38_750_00, "shared", label="Socle 2026")
    a_cost(circle, "hosting", 14_990_00, "shared", label="Hébergement 2026")
    return circle


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()[:400]
    return plain(answer.content.decode())


def plain(text: str) -> str:
    text = html.unescape(text).replace("\u00a0", " ").replace("\u202f", " ")
    return re.sub(r"\s+", " ", text)


def costs(circle: Circle, *parts: Any, house: int = 1) -> str:
    return address(circle.houses[house], "groupements", circle.group.id, "couts", *parts)


def test_one_s_own_part_comes_first_and_every_amount_leads_to_its_why() -> None:
    circle = the_example()
    shown = page(a_client(circle.member), costs(circle))
    assert "Votre part 2026" in shown
    assert shown.index("Votre part 2026") < shown.index("La part de chacun")
    # 12,108.30 + 4,683.96 HT of Mulhouse.
    assert "16 792,26 €" in shown
    assert f'{costs(circle, 2026, "mulhouse")}#hosting">4 683,96 €' in shown
    assert "53 740,00 €" in shown
    assert "64 488,00 €" in shown
    for figure in ("15 966,83 €", "3 332,61 €", "1 011,18 €", "686,97 €"):
        assert figure in shown


def test_a_member_s_year_is_explained() -> None:
    circle = the_example()
    shown = page(a_client(circle.member), costs(circle, 2026, "illzach"))
    assert "Part d’Illzach en 2026" in shown
    assert 'id="base"' in shown
    assert "Montant retenu : 3 332,61 €" in shown
    assert "Pourquoi 1 547,03 € ?" in shown
    assert "Votre part 2026" in page(a_client(circle.houses[2]), costs(circle, 2026, "illzach", house=2))
    page(a_client(circle.houses[3]), costs(circle, 2026, "nowhere", house=3), 404)


def test_a_cost_is_read_slice_by_slice_with_each_part() -> None:
    circle = the_example()
    with scope.authority(circle.coordinator.id):
        item = CostItem.objects.get(kind="base")
    with scope.authority(circle.member.id):
        use = EServiceUse.objects.filter(authority_id=circle.member.id).first()
        assert use is not None
        use.until_on = date(2026, 6, 30)
        use.save()
    shown = page(a_client(circle.member), costs(circle, item.id))
    assert "Du 1er janvier au 30 juin 2026, 181 jours" in shown
    assert "Du 1er juillet au 31 décembre 2026, 184 jours" in shown
    assert "38 750,00 €" in shown
    assert "Modifier" not in shown
    why = page(a_client(circle.member, name="Autre agent"), costs(circle, item.id, "parts", "lutterbach"))
    assert "À payer par Lutterbach" in why


def test_a_kept_computation_is_done_again_and_an_altered_one_is_told() -> None:
    circle = the_example()
    with scope.authority(circle.coordinator.id):
        item = CostItem.objects.get(kind="base")
        book = book_of(circle.group, year=2026)
        kept = record(book, book.cost(str(item.id)))
    called(item, **kept)
    client = a_client(circle.member)
    shown = page(client, costs(circle, item.id))
    assert "Recalculé à l’identique" in shown
    assert kept["digest"][:12] in shown
    assert "Ce qui avait été expliqué" in page(client, costs(circle, item.id, "parts", "illzach"))
    other = a_cost(circle, "hosting", 1_000_00, "shared")
    called(other, **{**kept, "agglomeration": "0"})
    assert "a été modifié après coup" in page(client, costs(circle, other.id))


def test_what_keeps_a_cost_from_being_split_is_said_with_a_way_out() -> None:
    circle = the_example()
    a_cost(circle, "base", 1_00, "gold", label="Sans clé")
    with scope.authority(circle.coordinator.id):
        DatedPopulation.objects.get(member=circle.houses[5]).delete()
    shown = page(a_client(circle.coordinator, "coordinator"), costs(circle, house=0))
    assert "Il manque la population totale 2022 de Lutterbach" in shown
    assert costs(circle, "populations", "ecrire", house=0) in shown
    assert "« Sans clé » ne peut pas être partagé" in shown
    other = page(a_client(circle.member), costs(circle))
    assert "Il manque la population" in other
    assert "Compléter les populations" not in other


def test_the_sheet_has_every_part_and_makes_the_totals() -> None:
    circle = the_example()
    a_cost(circle, "base", 1_00, "gold", label="=Sans clé")
    answer = a_client(circle.member, "observer").get(costs(circle, "2026.csv").removesuffix("/"))
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    cents = lambda name: sum(int(row[name].replace(",", "")) for row in rows if row[name])  # noqa: E731
    assert (cents("HT"), cents("TVA"), cents("TTC")) == (53_740_00, 10_748_00, 64_488_00)
    assert len(rows) == 13
    illzach = next(row for row in rows if row["Membre"] == "Illzach" and row["Coût"] == "Socle 2026")
    assert (illzach["Part exacte"], illzach["HT"], illzach["Au"]) == ("815491/9482132", "3332,61", "2026-12-31")
    assert "'=Sans clé" in text


def test_an_empty_year_teaches() -> None:
    circle = a_group()
    shown = page(a_client(circle.member), costs(circle))
    assert "Aucun coût n’est encore inscrit" in shown
    assert "Inscrire un coût" in shown
    assert "Inscrire un coût" not in page(a_client(circle.member, "observer"), costs(circle))


def form(**changes: str) -> dict[str, str]:
    base = {
        "kind": "base", "label": "Socle", "from_on": "2026-01-01", "last_day": "2026-12-31", "ht_cents": "38 750,00",
        "vat_rate": "2000",
    }  # fmt: skip
    return {**base, **changes}


def test_a_cost_is_written_changed_closed_by_its_pages() -> None:
    circle = a_group()
    with_eservices(circle)
    client = a_client(circle.coordinator, "coordinator")
    answer = client.post(costs(circle, "nouveau", house=0), form())
    with scope.authority(circle.coordinator.id):
        [item] = CostItem.objects.all()
    assert answer["Location"] == costs(circle, item.id, house=0)
    assert (item.ht_cents, item.vat_cents, item.until_on) == (38_750_00, 7_750_00, date(2027, 1, 1))
    edit = costs(circle, item.id, "modifier", house=0)
    assert 'value="2026-12-31"' in page(client, edit)
    assert client.post(edit, form(ht_cents="40000", vat_cents="8000,01")).status_code == 302
    assert 'value="8 000,01"' in page(client, edit)
    close = costs(circle, item.id, "arreter", house=0)
    assert 'value="40 000,00"' in page(client, close)
    unproved = plain(client.post(close, {"ht_cents": "1", "vat_cents": "0", "proof": "  "}).content.decode())
    assert "Il manque cette réponse" in unproved
    assert client.post(close, {"ht_cents": "39000", "vat_cents": "7800", "proof": "Facture 12"}).status_code == 302
    shown = page(client, costs(circle, item.id, house=0))
    assert "Facture 12" in shown
    assert "39 000,00 € HT, 7 800,00 € de TVA" in shown
    assert "déjà arrêté" in page(client, close)


def test_what_is_wrong_stays_typed_with_its_reason() -> None:
    circle = a_group()
    client = a_client(circle.coordinator, "coordinator")
    answer = client.post(costs(circle, "nouveau", house=0), form(kind="maintenance", last_day="2027-12-31"))
    shown = plain(answer.content.decode())
    assert "Un coût tient dans une seule année" in shown
    assert 'value="38 750,00"' in shown
    answer = client.post(costs(circle, "nouveau", house=0), form(kind="maintenance"))
    assert "Dites de quel téléservice il s’agit" in plain(answer.content.decode())


def test_a_project_and_a_single_payer_by_the_form() -> None:
    circle = a_group()
    single_payer_keys(circle)
    client = a_client(circle.coordinator, "coordinator")
    users = [str(one.id) for one in circle.houses[2:4]]
    data: dict[str, Any] = {**form(kind="acquisition", label="Carte de pêche"), "users": users}
    client.post(costs(circle, "nouveau", house=0), data)
    client.post(costs(circle, "nouveau", house=0), form(kind="own", payer=str(circle.member.id)))
    with scope.authority(circle.coordinator.id):
        project, own = CostItem.objects.get(kind="acquisition"), CostItem.objects.get(kind="own")
    shown = page(client, costs(circle, project.id, house=0))
    assert "Les membres qui ont rejoint ce projet : Illzach et Kingersheim." in shown
    assert "Payé en entier par Mulhouse." in page(client, costs(circle, own.id, house=0))


def test_only_who_pays_the_contractor_writes() -> None:
    circle = a_group()
    item = written(circle)
    referent, observer = a_client(circle.member), a_client(circle.houses[2], "observer")
    for verb in ("modifier", "arreter"):
        page(referent, costs(circle, item.id, verb), 404)
        page(observer, costs(circle, item.id, verb, house=2), 403)
    assert referent.post(costs(circle, item.id, "retirer")).status_code == 404
    assert page(referent, costs(circle, item.id)).count("Retirer") == 0
    own = a_client(circle.coordinator, "coordinator")
    assert own.post(costs(circle, item.id, "retirer", house=0)).status_code == 302
    with scope.authority(circle.coordinator.id):
        assert not CostItem.objects.exists()


def test_keys_are_read_with_what_each_version_changed() -> None:
    circle = a_group()
    with scope.authority(circle.coordinator.id):
        CostKey.objects.create(
            group=circle.group, circle_id=circle.group.id, code="shared", version=2, name="Shared", formula="weighted",
            weight_numerator=1, weight_denominator=3, reference_year=2022, in_force_on=date(2026, 7, 1),
        )  # fmt: skip
    shown = page(a_client(circle.member, "observer"), costs(circle, "cles"))
    assert "Part des téléservices : 33,3333… % (avant : 50 %)" in shown
    assert "Socle de services, Hébergement" in shown
    assert "Créer les clés usuelles" not in shown
    client = a_client(circle.coordinator, "coordinator")
    assert "Créer les clés usuelles" in page(client, costs(circle, "cles", house=0))
    assert client.post(costs(circle, "cles", "usuelles", house=0)).status_code == 302
    assert "Créer les clés usuelles" not in page(client, costs(circle, "cles", house=0))
    assert a_client(circle.member).post(costs(circle, "cles", "usuelles")).status_code == 403


def test_a_new_key_shows_its_effect_before_it_is_created() -> None:
    circle = a_group()
    with_eservices(circle)
    client = a_client(circle.coordinator, "coordinator")
    url = costs(circle, "cles", "nouvelle", house=0)
    assert "Voir l’effet" in page(client, url)
    data = {
        "name": "Habitants seuls", "formula": "population", "weight": "50", "population_kind": "totale",
        "reference_year": "2022", "agglomeration": "zero", "payer": "", "in_force_on": "2026-01-01",
    }  # fmt: skip
    shown = plain(client.post(url, {**data, "preview": "1"}).content.decode())
    assert "Ce que chacun paierait" in shown
    # 106,095 of 154,181 inhabitants of the communes.
    assert "688,12 €" in shown
    with scope.authority(circle.coordinator.id):
        assert CostKey.objects.count() == 2
    assert client.post(url, {**data, "record": "1"}).status_code == 302
    again = plain(client.post(url, {**data, "record": "1"}).content.decode())
    assert "porte déjà ce nom" in again
    with scope.authority(circle.coordinator.id):
        key = CostKey.objects.get(code="habitants-seuls")
    assert (key.version, key.formula, key.agglomeration) == (1, "population", "zero")
    missing = plain(client.post(url, {**data, "name": "Autre", "reference_year": "2019"}).content.decode())
    assert "Il manque la population totale 2019" in missing


def test_populations_are_proposed_typed_and_pasted() -> None:
    circle = a_group()
    client = a_client(circle.coordinator, "coordinator")
    shown = page(client, costs(circle, "populations", house=0))
    assert "Totale 2022" in shown
    assert "106 095" in shown
    write = costs(circle, "populations", "ecrire", house=0)
    assert 'value="15362"' in page(client, write)
    assert 'value="15362"' not in page(client, f"{write}?kind=totale&year=2023")
    data = {"source": "Insee 2026", f"of-{circle.member.id}": "106341"}
    assert client.post(f"{write}?kind=municipale&year=2023", data).status_code == 302
    with scope.authority(circle.member.id):
        row = DatedPopulation.objects.get(kind="municipale", year=2023)
    assert (row.member_id, row.inhabitants, row.source) == (circle.member.id, 106_341, "Insee 2026")
    paste = costs(circle, "populations", "coller", house=0)
    table = "Membre;2020;2021\nIllzach;15 000;15 100\nAilleurs;1;2"
    refused = plain(client.post(paste, {"kind": "totale", "source": "Insee", "table": table}).content.decode())
    assert "« Ailleurs » n’est pas un membre" in refused
    table = table.replace("Ailleurs;1;2", "Lutterbach;;6 800")
    assert client.post(paste, {"kind": "totale", "source": "Insee", "table": table}).status_code == 302
    with scope.authority(circle.member.id):
        assert DatedPopulation.objects.filter(year__in=(2020, 2021)).count() == 3
    page(a_client(circle.member), costs(circle, "populations", "ecrire"), 403)


def test_e_services_are_counted_on_a_day_added_and_ended() -> None:
    circle = a_group()
    with_eservices(circle)
    referent = a_client(circle.houses[5])
    url = costs(circle, "teleservices", house=5)
    assert "Lutterbach : 5" in page(referent, url)
    assert "Lutterbach : 0" in page(referent, f"{url}?le=2024-01-01")
    add = costs(circle, "teleservices", "ajouter", house=5)
    assert "Accord du membre" not in page(referent, add)
    data = {"member": str(circle.houses[5].id), "name": "Carte de pêche", "theme": "leisure", "from_on": "2026-02-01"}
    assert referent.post(add, data).status_code == 302
    assert "Lutterbach : 6" in page(referent, f"{url}?le=2026-03-01")
    with scope.authority(circle.houses[5].id):
        use = EServiceUse.objects.get(service__name="Carte de pêche")
    end = costs(circle, "teleservices", use.id, "fin", house=5)
    assert referent.post(end, {"until_on": "2026-06-30"}).status_code == 302
    assert "Lutterbach : 5" in page(referent, f"{url}?le=2026-07-01")
    other = costs(circle, "teleservices", use.id, "fin", house=1)
    page(a_client(circle.member), other, 404)


def test_the_coordinator_takes_up_a_member_s_e_service_with_its_agreement() -> None:
    circle = a_group()
    with_eservices(circle)
    client = a_client(circle.coordinator, "coordinator")
    add = costs(circle, "teleservices", "ajouter", house=0)
    data = {"member": str(circle.houses[5].id), "name": "Carte de pêche", "theme": "leisure", "from_on": "2026-02-01"}
    refused = plain(client.post(add, data).content.decode())
    assert "Dites comment Lutterbach a donné son accord" in refused
    assert client.post(add, {**data, "agreement": "Courriel du 3 mars"}).status_code == 302
    with scope.authority(circle.houses[5].id):
        assert EServiceUse.objects.get(service__name="Carte de pêche").authority_id == circle.houses[5].id


def test_more_members_take_no_more_queries() -> None:
    few, many = the_example(), a_group(houses_named("Une", 12))
    a_cost(many, "base", 1_000_00, "shared")
    a_cost(many, "hosting", 1_000_00, "shared")
    with_eservices(many)
    counts = []
    for circle in (few, many):
        client = a_client(circle.member)
        client.get(costs(circle))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(costs(circle)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] < 60


def houses_named(name: str, count: int) -> list[Authority]:
    return [an_authority(f"{name.lower()}-{place}", name=f"{name} {place}") for place in range(count)]


def test_a_project_is_split_through_the_rows() -> None:
    circle = the_example()
    project = written(
        circle, replace(BASE, kind="acquisition", label="Pêche", users=tuple(one.id for one in circle.houses[2:4]))
    )
    shown = page(a_client(circle.member), costs(circle, project.id))
    # 15,362 and 13,435 of 28,797.
    assert "20 671,51 €" in shown
    assert "18 078,49 €" in shown
    assert "Pourquoi 0,00 € ?" in shown
    why = page(a_client(circle.member, name="Autre"), costs(circle, project.id, "parts", "mulhouse"))
    assert "Mulhouse ne paie rien : cette collectivité n’a pas rejoint ce projet." in why
