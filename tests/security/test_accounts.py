"""Accounts under attack: a second factor put in another's place, sessions that outlive roles, addresses to go to."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from parvis.accounts.facade import companies_of
from parvis.authorities.models import RoleGrant
from tests.accounts.helpers import code_of, sign_in, with_totp
from tests.world import a_company, a_person, an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db

FACTOR_PAGES = (
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
)  # fmt: skip


@pytest.mark.parametrize("name", FACTOR_PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_alone_neither_reads_nor_replaces_a_factor(name: str, method: str) -> None:
    """A session opened with a stolen password before the agent set up their factor."""
    agent = an_agent(an_authority(), "buyer")
    thief = sign_in(agent)
    with_totp(agent)
    before = list(Authenticator.objects.filter(user=agent).values_list("pk", "data"))
    answer = getattr(thief, method)(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("second_factor")
    assert list(Authenticator.objects.filter(user=agent).values_list("pk", "data")) == before


def test_who_proved_the_factor_still_manages_it() -> None:
    agent = an_agent(an_authority(), "buyer")
    client = sign_in(agent)
    with_totp(agent)
    client.post("/compte/deuxieme-etape/confirmer/", {"code": code_of(agent), "next": "/compte/role/"})
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_a_role_that_ended_gives_nothing_from_the_next_request_on() -> None:
    house = an_authority()
    agent = an_agent(house, "buyer")
    client = signed_in(agent, house, "buyer")
    assert client.get(reverse("desk", args=[house.slug])).status_code == 200
    RoleGrant.objects.filter(person=agent).delete()
    assert client.get(reverse("desk", args=[house.slug])).status_code == 403


def test_the_session_s_key_changes_with_the_hat() -> None:
    house = an_authority()
    agent = an_agent(house, "buyer")
    an_agent(house, "observer", agent.full_name)
    client = signed_in(agent, house, "observer")
    before = client.session.session_key
    client.post("/compte/role/", {"hat": f"{house.id}:buyer"})
    assert client.session.session_key != before
    assert client.session["hat"] == [str(house.id), "buyer"]
    client.post("/compte/role/", {"hat": f"{house.id}:administrator"})
    assert client.session["hat"] == [str(house.id), "buyer"]


@pytest.mark.parametrize(
    "target", ["https://mal.example/", "//mal.example/", "/\\mal.example", "javascript:alert(1)", "https:mal.example"]
)
def test_no_address_leads_out_of_the_house(target: str) -> None:
    client = sign_in(a_person())
    for name in ("account_login", "choose_company", "account_logout"):
        page = client.get(reverse(name), {"next": target})
        assert "mal.example" not in page.get("Location", "")
        assert "javascript:" not in page.get("Location", "")
    done = client.post("/compte/entreprise/", {"do": "add", "siret": "73282932000074", "name": "X", "next": target})
    assert done.status_code == 302
    assert done["Location"].startswith("/compte/entreprise/")


def test_an_abandoned_company_does_not_fall_to_whoever_types_its_siret() -> None:
    owner, thief = a_person("Ana Première"), a_person("Bea Seconde")
    company = a_company(people=(owner,))
    client = signed_in(owner, company=company)
    page = client.post(f"/compte/entreprise/{company.id}/", {"do": "leave"})
    assert page.status_code == 200
    signed_in(thief).post("/compte/entreprise/", {"do": "add", "siret": company.siret, "name": "X"})
    assert companies_of(thief.id) == []
    assert [c.id for c in companies_of(owner.id)] == [company.id]
