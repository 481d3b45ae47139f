"""The simulator's pages: before and after for everybody, one change after the other, shown to others by a link."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from parvis.audit.models import Fact
from parvis.authorities.models import Authority
from parvis.eservices.models import EService, EServiceUse
from parvis.kit import clock, scope
from parvis.pooling.rules.scenario import Scenario, read
from parvis.pooling.selectors.simulation_links import last_day, simulation_key
from parvis.pooling.selectors.simulations import Simulation, ground_of, simulation
from tests.pooling.pooling_world import (
    START,
    Circle,
    a_client,
    a_cost,
    a_group,
    add_member,
    address,
    houses,
    with_eservices,
)
from tests.world import an_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> Circle:
    """The worked example, and one commune outside."""
    found = a_group()
    with_eservices(found)
    a_cost(found, "base", 38_750_00, "shared", label="Socle")
    a_cost(found, "hosting", 14_990_00, "shared", label="Hébergement")
    an_authority("sausheim", name="Sausheim", population=5_500)
    return found


def outside() -> Authority:
    return Authority.objects.get(slug="sausheim")


def joins(house: Authority, own: int = 2, on: str = "2026-01-01") -> str:
    return f"rejoint={house.siren}_{on}_5500_{own}"


def simulated(circle: Circle, query: str) -> Simulation:
    with scope.authority(circle.member.id):
        scenario = read(query).scenario
        return simulation(ground_of(circle.group, scenario.year), scenario)


def page(circle: Circle, query: str = "", house: Authority | None = None, name: str = "simulateur/") -> str:
    """The text of a page, no-break spaces as plain ones."""
    where = house or circle.member
    response = a_client(where, name=f"Agent {uuid4()}").get(here(circle, where, name) + f"?{query}")
    assert response.status_code == 200
    return plain(response.content.decode())


def here(circle: Circle, house: Authority, name: str = "simulateur/") -> str:
    return address(house, "groupements", circle.group.id).removesuffix("/") + f"/{name}"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_before_is_the_worked_example(circle: Circle) -> None:
    sim = simulated(circle, f"annee=2026&taxes=ht&{joins(outside())}")
    before = {row.name: row.before for row in sim.rows}
    assert before["Illzach"] == 333_261 + 128_919
    assert before["Sausheim"] == 0
    assert sim.total_before == sim.total_after == 53_740_00


def test_a_newcomer_pays_and_the_others_pay_less(circle: Circle) -> None:
    sim = simulated(circle, f"annee=2026&{joins(outside())}")
    assert {row.name for row in sim.rows if row.difference > 0} == {"Sausheim"}
    assert sim.joined == {outside().siren}
    assert sum(row.difference for row in sim.rows) == 0


def test_what_a_candidate_offers_already_counts(circle: Circle) -> None:
    with scope.authority(outside().id):
        service = EService.objects.create(code="own", name="État civil", theme="other", offered_from=START)
        EServiceUse.objects.create(service=service, from_on=START)
    sim = simulated(circle, f"annee=2026&{joins(outside(), own=0)}")
    assert "avec 1 téléservice" in plain(sim.steps[0].text)
    row = sim.row(outside().siren)
    assert row is not None
    assert row.after > 0


def test_a_year_without_costs_repeats_the_last_one(circle: Circle) -> None:
    sim = simulated(circle, f"annee=2028&{joins(outside(), on='2028-01-01')}")
    assert sim.ground.costs_of == 2026
    assert {cost.from_on.year for cost in sim.before.costs} == {2028}
    assert sim.total_before == 64_488_00


def test_a_cost_that_cannot_be_shared_is_said_and_not_counted(circle: Circle) -> None:
    a_cost(circle, "own", 100_00, "unknown", label="Sans clé")
    sim = simulated(circle, f"annee=2026&taxes=ht&{joins(outside())}")
    assert len(sim.left_out) == 1
    assert "Sans clé" in sim.left_out[0]
    assert sim.total_before == sim.total_after == 53_740_00


def test_every_change_at_once(circle: Circle) -> None:
    new, illzach = outside().siren, circle.houses[2].siren
    query = (
        f"annee=2026&taxes=ht&{joins(outside())}&propose={illzach}_2026-01-01_Cantine"
        f"&partage={new}_2026-07-01_nouveau-cantine&nouveau=2026-01-01_7350.00_1250.00_{new},{illzach}_Parking"
        f"&cle=2026-07-01_produit_50_totale-2022_zero_-_shared&depense=training_1000.00_Formation"
    )
    sim = simulated(circle, query)
    assert [step.problem for step in sim.steps] == [""] * 6
    assert sim.left_out == ()
    assert sim.total_after - sim.total_before == 7_350_00 + 1_250_00 + 1_000_00


def test_the_page_sums_it_up_for_my_commune(circle: Circle) -> None:
    seen = page(circle, f"annee=2026&taxes=ht&{joins(outside())}")
    sim = simulated(circle, f"annee=2026&taxes=ht&{joins(outside())}")
    row = sim.row(circle.member.siren)
    assert row is not None
    assert "Votre part passerait de 16 792,26 € à " in seen
    assert "de moins." in seen
    assert "La part de Sausheim serait de " in seen
    assert seen.count("Nouvelle") == 1


def test_each_amount_says_why_before_and_after(circle: Circle) -> None:
    query = f"annee=2026&taxes=ht&{joins(outside())}&pourquoi={circle.houses[2].siren}"
    seen = page(circle, query)
    assert "Pourquoi ces montants : Illzach" in seen
    assert "Pourquoi 3 332,61 € avant ?" in seen
    assert "815 491/9 482 132" in seen
    assert "Illzach propose 9 téléservices sur les 68 des 7 membres qui participent" in seen


def test_an_empty_simulation_teaches_by_an_example(circle: Circle) -> None:
    seen = page(circle)
    assert "Un exemple" in seen
    assert "Sausheim, 5 500 habitants, rejoint le groupement" in seen
    assert "Partir de cet exemple" in seen
    assert "Retirer" not in seen


def test_without_costs_the_page_says_where_to_begin() -> None:
    seen = page(a_group(houses(2)))
    assert "Il n’y a pas encore de coût à partager" in seen


def test_a_change_is_added_to_the_others_by_its_form(circle: Circle) -> None:
    who, where = a_client(circle.member), here(circle, circle.member)
    kept = {"annee": "2026", "rejoint": f"{outside().siren}_2026-01-01_5500_2"}
    form = plain(who.get(where, {**kept, "ajouter": "partage"}).content.decode())
    assert f'name="rejoint" value="{kept["rejoint"]}"' in form
    assert f'<option value="{outside().siren}">Sausheim' in form
    service = next(re.finditer(r'name="service".*?<option value="([^"]+)"', form, re.DOTALL)).group(1)
    given = {"faire": "1", "siren": outside().siren, "service": service, "from_on": "2026-07-01"}
    response = who.get(where, {**kept, "ajouter": "partage", **given})
    assert response.status_code == 302
    found = read(urlsplit(response["Location"]).query)
    assert len(found.scenario.wishes) == 2
    assert not found.problems
    assert "Sausheim partage" in plain(who.get(response["Location"]).content.decode())


@pytest.mark.parametrize(
    ("kind", "given", "word"),
    [
        ("rejoint", {"siren": "@new", "own": "2", "from_on": "2026-01-01"}, "rejoint="),
        ("propose", {"siren": "@mine", "name": "Cantine", "from_on": "2026-01-01"}, "propose="),
        (
            "nouveau",
            {"users": "@mine", "name": "Parking", "acquisition": "7 350", "maintenance": "0", "from_on": "2026-03-01"},
            "nouveau=2026-03-01_7350.00_0.00_",
        ),
        (
            "cle",
            {
                "code": "shared", "formula": "product", "weight": "50", "people": "totale-2022",
                "agglomeration": "zero", "from_on": "2026-01-01",
            },
            "cle=2026-01-01_produit_50_totale-2022_zero_-_shared",
        ),
        ("cout", {"cost_id": "@cost", "ht_cents": "40000"}, "cout=40000.00_"),
        ("depense", {"kind": "training", "label": "Formation", "ht_cents": "12,5"}, "depense=training_12.50_Formation"),
    ],
    ids=lambda value: value if isinstance(value, str) and "=" not in value else "",
)  # fmt: skip
def test_each_form_makes_its_change(circle: Circle, kind: str, given: dict[str, str], word: str) -> None:
    ground = simulated(circle, "annee=2026").ground
    named = {"@new": outside().siren, "@mine": circle.member.siren, "@cost": ground.book.costs[0].id}
    data = {name: named.get(value, value) for name, value in given.items()}
    data |= {"annee": "2026", "ajouter": kind, "faire": "1"}
    response = a_client(circle.member).get(here(circle, circle.member), data)
    assert response.status_code == 302
    assert word in response["Location"]


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("rejoint", {"siren": "000000000"}, "points à corriger"),
        ("nouveau", {"name": "Parking", "acquisition": "cher"}, "n’est pas un montant"),
        ("cle", {"formula": "single_payer", "code": "shared"}, "Choisissez qui paie seul"),
        ("propose", {"name": "\u200b"}, "Écrivez un nom de quelques mots"),
    ],
)
def test_a_form_says_what_is_missing(circle: Circle, kind: str, given: dict[str, str], words: str) -> None:
    data = {**given, "annee": "2026", "ajouter": kind, "faire": "1"}
    response = a_client(circle.member).get(here(circle, circle.member), data)
    assert response.status_code == 200
    assert words in plain(response.content.decode())


def test_a_hostile_address_is_said_and_the_rest_kept(circle: Circle) -> None:
    seen = page(circle, f"annee=2026&cout=1e9_x&rejoint=<script>alert(1)</script>&{joins(outside())}&pourquoi=<b>")
    assert seen.count("ne se lit pas") == 2
    assert "<script>alert" not in seen
    assert "La part de Sausheim serait de " in seen


def test_what_the_group_does_not_know_is_left_out_with_its_reason(circle: Circle) -> None:
    sim = simulated(
        circle,
        f"annee=2026&rejoint=999999999_2026-01-01_1_1&rejoint={circle.member.siren}_2026-01-01_1_1&cout=1.00_gone"
        f"&partage={outside().siren}_2026-01-01_x&cle=2026-01-01_produit_50_totale-2022_zero_-_gone",
    )
    assert len(sim.steps) == 5
    assert all(step.problem.endswith(".") for step in sim.steps)
    assert sim.total_before == sim.total_after
    assert all(row.difference == 0 for row in sim.rows)


def test_only_those_of_the_group_come_in(circle: Circle) -> None:
    stranger = an_authority("ailleurs", name="Ailleurs")
    assert a_client(stranger).get(here(circle, stranger)).status_code == 404
    assert Client().get(here(circle, circle.member)).status_code == 302


def test_the_pdf_and_the_sheet(circle: Circle) -> None:
    who, query = a_client(circle.member), f"?annee=2026&taxes=ht&{joins(outside())}"
    pdf = who.get(here(circle, circle.member, "simulateur.pdf") + query)
    assert pdf.content.startswith(b"%PDF")
    assert "simulation-services-numeriques-2026.pdf" in pdf["Content-Disposition"]
    sheet = who.get(here(circle, circle.member, "simulateur.csv") + query).content.decode()
    lines = [line.split(";") for line in sheet.removeprefix("\ufeff").splitlines()]
    totals = [line for line in lines if line[3] == "Ensemble"]
    assert len(totals) == 7
    illzach = next(line for line in totals if line[0] == "Illzach")
    assert illzach[4] == "4621,80"
    assert illzach[6].startswith("-")


def shared_link(circle: Circle, query: str) -> str:
    """The path of the public page that the button makes."""
    who = a_client(circle.member, name="Qui partage")
    response = who.post(here(circle, circle.member) + f"?{query}")
    assert response.status_code == 302
    seen = who.get(response["Location"]).content.decode()
    found = re.search(r'class="fingerprint" href="([^"]+)"', seen)
    assert found is not None
    return urlsplit(found.group(1)).path


def test_whoever_has_the_link_sees_this_simulation_and_no_more(circle: Circle) -> None:
    path = shared_link(circle, f"annee=2026&taxes=ht&{joins(outside())}")
    response = Client().get(path)
    seen = plain(response.content.decode())
    assert response.status_code == 200
    assert "noindex" in response["X-Robots-Tag"]
    assert "La part de Mulhouse passerait de 16 792,26 € à " in seen
    assert "Ce lien s’ouvre jusqu’au" in seen
    assert "/mutualisation/" not in seen
    assert "<form method" not in seen
    assert "815 491/9 482 132" in plain(Client().get(f"{path}?pourquoi={circle.houses[2].siren}").content.decode())
    with scope.authority(circle.member.id):
        fact = Fact.objects.get(kind="simulation.shared")
    assert fact.data["scenario"] == f"annee=2026&taxes=ht&{joins(outside())}"


def test_a_link_is_of_its_authority_whole_and_for_ninety_days(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shared_link(circle, f"annee=2026&{joins(outside())}")
    assert Client().get(path.replace("/mulhouse/", "/illzach/")).status_code == 404
    assert Client().get(path[:-2] + "x/").status_code == 404
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=90))
    assert Client().get(path).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=91))
    response = Client().get(path)
    assert response.status_code == 410
    assert "Mulhouse passerait" not in plain(response.content.decode())


def test_a_key_of_another_group_opens_nothing(circle: Circle) -> None:
    """Signed by us, but for a group that this authority does not read."""
    with scope.authority(circle.member.id):
        key = simulation_key(uuid4(), circle.member.id, Scenario(), last_day())
    assert Client().get(f"/mulhouse/simulations/{key}/").status_code == 404


def test_an_empty_scenario_makes_no_link(circle: Circle) -> None:
    who = a_client(circle.member)
    response = who.post(here(circle, circle.member) + "?annee=2026", follow=True)
    assert "il n’y a encore rien à montrer" in plain(response.content.decode())
    assert "Créer un lien public" not in plain(response.content.decode())


def test_a_member_to_come_is_no_candidate(circle: Circle) -> None:
    add_member(circle.group, outside())
    assert simulated(circle, "annee=2026").ground.candidates == ()


def test_every_missing_answer_is_said_in_the_same_words(circle: Circle) -> None:
    data = {"annee": "2026", "ajouter": "nouveau", "faire": "1"}
    seen = plain(a_client(circle.member).get(here(circle, circle.member), data).content.decode())
    assert "5 points à corriger" in seen
    assert "Ce champ est obligatoire" not in seen


def test_the_form_of_a_key_says_what_it_is_today(circle: Circle) -> None:
    seen = page(circle, "annee=2026&ajouter=cle")
    assert "Shared (aujourd’hui : téléservices et population, pondérés, 50 % pour les téléservices)" in seen


def test_too_many_changes_are_refused_before_they_are_lost(circle: Circle) -> None:
    kept = "&".join(["depense=training_1.00_Formation"] * 20)
    seen = page(circle, f"annee=2026&{kept}&ajouter=depense&faire=1&kind=training&label=Encore&ht_cents=1")
    assert "Une simulation compte 20 changements au plus : retirez-en un d’abord." in seen
