"""A company's people: the first manages, others ask or are invited, and nobody enters alone."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from parvis.accounts.facade import companies_of, emails_of_company
from parvis.accounts.models import Company, CompanyInvitation, CompanyMember, Person
from tests.accounts.helpers import link_in_mail, text_of
from tests.world import a_company, a_person, signed_in

pytestmark = pytest.mark.django_db
ADD = {"do": "add", "siret": "732 829 320 00074", "name": "Toitures  Invention", "address": "1 rue Neuve"}
PAGE = "/compte/entreprise/"


def _client(name: str) -> Client:
    return signed_in(a_person(name), second_factor=False)


def _person(name: str) -> Person:
    return Person.objects.get(full_name=name)


def test_the_first_person_manages_and_acts_at_once() -> None:
    client = _client("Ana Première")
    before = client.session.session_key
    answer = client.post(PAGE, ADD)
    company = Company.objects.get()
    assert answer["Location"] == f"{PAGE}{company.id}/"
    assert (company.siret, company.name) == ("73282932000074", "Toitures Invention")
    assert client.session["company"] == str(company.id)
    assert client.session.session_key != before
    assert "Gestionnaire" in text_of(client.get(answer["Location"]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"siret": "732 829 320 0007"}, "il en manque un"),
        ({"siret": "73282932000075"}, "est faux"),
        ({"name": ""}, "obligatoire"),
    ],
)
def test_a_wrong_number_is_said_at_its_field(changes: dict[str, str], said: str) -> None:
    page = _client("Ana Première").post(PAGE, {**ADD, **changes})
    assert page.status_code == 200
    assert said in text_of(page)
    assert not Company.objects.exists()


def test_the_next_one_asks_and_sees_nothing_until_a_manager_accepts() -> None:
    first, second = _client("Ana Première"), _client("Bea Seconde")
    first.post(PAGE, ADD)
    company = Company.objects.get()
    assert second.post(PAGE, {**ADD, "name": "Autre nom"})["Location"] == PAGE
    bea = _person("Bea Seconde")
    assert companies_of(bea.id) == []
    assert "company" not in second.session
    assert second.get(f"{PAGE}{company.id}/").status_code == 404
    assert "Attend la réponse" in text_of(second.get(PAGE))
    assert company.name == Company.objects.get().name
    asked = link_in_mail("ana.premiere@exemple.test", "entreprise")
    member = CompanyMember.objects.get(person=bea)
    assert first.post(asked, {"do": "accept", "target": str(member.id)}).status_code == 302
    assert [c.id for c in companies_of(bea.id)] == [company.id]
    assert mail.outbox[-1].to == [bea.email]
    assert emails_of_company(company.id) == ["ana.premiere@exemple.test", bea.email]


def test_a_request_refused_leaves_no_trace_in_the_company() -> None:
    first, second = _client("Ana Première"), _client("Bea Seconde")
    first.post(PAGE, ADD)
    second.post(PAGE, ADD)
    member = CompanyMember.objects.get(person=_person("Bea Seconde"))
    first.post(f"{PAGE}{Company.objects.get().id}/", {"do": "refuse", "target": str(member.id)})
    assert CompanyMember.objects.count() == 1
    assert "n’a pas accepté" in mail.outbox[-1].subject


@pytest.mark.parametrize("verb", ["accept", "refuse", "promote", "invite"])
def test_only_a_manager_changes_the_people(verb: str) -> None:
    ana, bea = a_person("Ana Première"), a_person("Bea Seconde")
    company = a_company(people=(ana,))
    CompanyMember.objects.create(company=company, person=bea, accepted_at=company.created_at)
    asking = CompanyMember.objects.create(company=company, person=a_person("Cleo Tierce"))
    posted: dict[str, Any] = {"do": verb, "target": str(asking.id), "email": "x@exemple.test"}
    page = signed_in(bea, second_factor=False).post(f"{PAGE}{company.id}/", posted)
    assert page.status_code in {200}
    asking.refresh_from_db()
    assert asking.accepted_at is None
    assert not asking.manages
    assert not CompanyInvitation.objects.exists()


def test_a_manager_of_another_company_changes_nothing_here() -> None:
    mine = a_company(people=(a_person("Ana Première"),))
    a_company("Autre", "35600000049837", people=(a_person("Bea Seconde"),))
    asking = CompanyMember.objects.create(company=mine, person=a_person("Cleo Tierce"))
    other = Company.objects.exclude(id=mine.id).get()
    client = signed_in(_person("Bea Seconde"), second_factor=False)
    client.post(f"{PAGE}{other.id}/", {"do": "accept", "target": str(asking.id)})
    asking.refresh_from_db()
    assert asking.accepted_at is None


def test_an_invitation_opens_to_whoever_proved_its_address_and_to_no_other() -> None:
    ana = a_person("Ana Première")
    company = a_company(people=(ana,))
    manager = signed_in(ana, second_factor=False)
    assert (
        manager.post(f"{PAGE}{company.id}/", {"do": "invite", "email": "Bea.Seconde@exemple.test"}).status_code == 302
    )
    assert link_in_mail("bea.seconde@exemple.test", "inscription")
    invitation = CompanyInvitation.objects.get()
    thief = _client("Zoe Voleuse")
    assert "vous invite" not in text_of(thief.get(PAGE))
    thief.post(PAGE, {"do": "join", "invitation": str(invitation.id)})
    assert CompanyMember.objects.count() == 1
    guest = _client("Bea Seconde")
    assert "Ana Première vous invite" in text_of(guest.get(PAGE))
    assert guest.post(PAGE, {"do": "join", "invitation": str(invitation.id)})["Location"] == "/compte/"
    assert guest.session["company"] == str(company.id)
    assert not CompanyInvitation.objects.exists()
    member = CompanyMember.objects.get(person=_person("Bea Seconde"))
    assert not member.manages


def test_an_invitation_can_be_taken_back() -> None:
    ana = a_person("Ana Première")
    company = a_company(people=(ana,))
    client = signed_in(ana, second_factor=False)
    client.post(f"{PAGE}{company.id}/", {"do": "invite", "email": "bea@exemple.test"})
    invitation = CompanyInvitation.objects.get()
    client.post(f"{PAGE}{company.id}/", {"do": "withdraw", "target": str(invitation.id)})
    assert not CompanyInvitation.objects.exists()


def test_the_last_manager_names_another_before_leaving() -> None:
    ana, bea = a_person("Ana Première"), a_person("Bea Seconde")
    company = a_company(people=(ana,))
    member = CompanyMember.objects.create(company=company, person=bea, accepted_at=company.created_at)
    client = signed_in(ana, company=company, second_factor=False)
    page = client.post(f"{PAGE}{company.id}/", {"do": "leave"})
    assert "seul gestionnaire" in text_of(page)
    client.post(f"{PAGE}{company.id}/", {"do": "promote", "target": str(member.id)})
    assert client.post(f"{PAGE}{company.id}/", {"do": "leave"})["Location"] == PAGE
    assert "company" not in client.session
    assert [m.person_id for m in CompanyMember.objects.all()] == [bea.id]


def test_several_companies_are_a_choice_and_next_is_followed() -> None:
    ana = a_person("Ana Première")
    a_company(people=(ana,))
    second = a_company("Autre", "35600000049837", people=(ana,))
    client = signed_in(ana, second_factor=False)
    assert "Agir pour elle" in text_of(client.get(PAGE))
    answer = client.post(PAGE, {"company": str(second.id), "next": "/valbruche/consultations/"})
    assert answer["Location"] == "/valbruche/consultations/"
    assert client.session["company"] == str(second.id)
    assert client.post(PAGE, {"company": str(second.id), "next": "https://ailleurs.test/"})["Location"] == "/compte/"
    page = client.post(PAGE, {"company": str(a_person("X Y").id)})
    assert "pas rattaché" in text_of(page)


def test_strangers_sign_in_first() -> None:
    assert Client().get(PAGE)["Location"].startswith("/compte/connexion/")
    assert Client().post(PAGE, ADD)["Location"].startswith("/compte/connexion/")
