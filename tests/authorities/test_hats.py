"""Which hat, where to, and that a role outside its dates gives nothing."""

from datetime import date, timedelta

import pytest
from django.test import Client

from parvis.audit.models import Fact
from parvis.authorities.models import RoleGrant
from parvis.authorities.selectors import hats_of
from parvis.kit import clock, scope
from tests.world import a_company, a_person, an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db


def test_a_stranger_signs_in_first() -> None:
    assert Client().get("/compte/role/")["Location"] == "/compte/connexion/?next=%2Fcompte%2Frole%2F"


def test_one_hat_goes_straight_to_its_desk_and_leaves_a_fact() -> None:
    town = an_authority()
    agent = an_agent(town, "buyer")
    client = signed_in(agent)
    before = client.session.session_key
    assert client.get("/compte/role/")["Location"] == "/valbruche/bureau/"
    assert client.session["hat"] == [str(town.id), "buyer"]
    assert client.session.session_key != before
    with scope.authority(town.id):
        assert [(f.kind, f.subject_id, f.actor_id, f.data["role"]) for f in Fact.objects.all()] == [
            ("hat.chosen", agent.id, agent.id, "buyer")
        ]


@pytest.mark.parametrize("role", ["coordinator", "referent", "finance_agent"])
def test_who_only_pools_starts_there(role: str) -> None:
    client = signed_in(an_agent(an_authority(), role))
    assert client.get("/compte/role/")["Location"] == "/valbruche/mutualisation/"


def test_a_link_followed_before_any_choice_opens_with_the_only_hat() -> None:
    client = signed_in(an_agent(an_authority(), "administrator"))
    first = client.get("/valbruche/bureau/agents/")
    assert first["Location"] == "/compte/role/?next=%2Fvalbruche%2Fbureau%2Fagents%2F"
    second = client.get(first["Location"])
    assert second["Location"] == "/valbruche/bureau/agents/"
    assert client.get(second["Location"]).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_a_link_never_leads_out_of_the_platform(elsewhere: str) -> None:
    client = signed_in(an_agent(an_authority(), "buyer"))
    assert client.get("/compte/role/", {"next": elsewhere})["Location"] == "/valbruche/bureau/"


def test_the_only_hat_elsewhere_opens_nothing_here() -> None:
    an_authority()
    client = signed_in(an_agent(an_authority("autre-val"), "administrator"))
    assert client.get("/valbruche/bureau/agents/", follow=True).status_code == 403


def test_asked_again_the_page_shows_the_hat_worn() -> None:
    town = an_authority()
    client = signed_in(an_agent(town, "buyer"), town, "buyer")
    page = client.get("/compte/role/")
    assert page.status_code == 200
    assert "Votre rôle en ce moment" in page.content.decode()


def test_several_hats_in_several_authorities_are_a_choice() -> None:
    first, second = an_authority("valbruche"), an_authority("montclair")
    agent = an_agent(first, "buyer")
    RoleGrant.objects.create(authority=second, person=agent, role="observer", valid_from=date(2020, 1, 1))
    client = signed_in(agent)
    page = client.get("/compte/role/")
    assert page.status_code == 200
    assert "Valbruche" in page.content.decode()
    assert "Observateur" in page.content.decode()
    answer = client.post("/compte/role/", {"hat": f"{second.id}:observer"})
    assert answer["Location"] == "/montclair/bureau/"
    with scope.authority(first.id):
        assert not Fact.objects.exists()
    with scope.authority(second.id):
        assert Fact.objects.get().kind == "hat.chosen"


@pytest.mark.parametrize("posted", ["", "rien", "{other}:administrator", "{town}:administrator"])
def test_a_hat_that_is_not_mine_is_refused(posted: str) -> None:
    town, other = an_authority("valbruche"), an_authority("montclair")
    client = signed_in(an_agent(town, "buyer"))
    page = client.post("/compte/role/", {"hat": posted.format(town=town.id, other=other.id)})
    assert page.status_code == 200
    assert "hat" not in client.session


@pytest.mark.parametrize(
    ("begins", "ends", "worn"), [(-10, -1, False), (1, None, False), (-10, 0, True), (0, None, True), (0, 0, True)]
)
def test_dates_of_a_role_in_paris(begins: int, ends: int | None, worn: bool) -> None:
    town = an_authority()
    agent = an_agent(town, "buyer")
    today = clock.now().astimezone(clock.PARIS).date()
    until = None if ends is None else today + timedelta(days=ends)
    RoleGrant.objects.filter(person=agent).update(valid_from=today + timedelta(days=begins), valid_until=until)
    assert bool(hats_of(agent.id)) is worn
    client = signed_in(agent, town, "buyer")
    answer = client.post("/compte/role/", {"hat": f"{town.id}:buyer"})
    assert answer.status_code == (302 if worn else 200)


def test_a_company_goes_straight_to_the_consultations() -> None:
    person = a_person()
    a_company(people=(person,))
    assert signed_in(person, second_factor=False).get("/compte/role/")["Location"] == "/consultations/"


def test_nobody_yet_adds_a_company() -> None:
    assert signed_in(a_person(), second_factor=False).get("/compte/role/")["Location"] == "/compte/entreprise/"


def test_a_company_put_on_takes_the_hat_off() -> None:
    town = an_authority()
    agent = an_agent(town, "buyer")
    company = a_company(people=(agent,))
    client = signed_in(agent, town, "buyer")
    assert client.post("/compte/role/", {"company": str(company.id)})["Location"] == "/consultations/"
    assert "hat" not in client.session
    assert client.session["company"] == str(company.id)


def test_another_s_company_is_refused() -> None:
    company = a_company(people=(a_person("Autre Personne"),))
    client = signed_in(a_person())
    assert client.post("/compte/role/", {"company": str(company.id)}).status_code == 200
