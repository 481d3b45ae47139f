"""Roles given and ended by administrators and by the operator; the operator never comes near a file."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from parvis.accounts.models import Person
from parvis.audit.models import Fact
from parvis.authorities.models import Authority, RoleGrant
from parvis.authorities.selectors import hats_of, today
from parvis.kit import scope
from tests.accounts.helpers import link_in_mail, text_of
from tests.world import PASSWORD, a_person, an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db
FICHE = {
    "name": "Montclair", "slug": "montclair", "kind": "commune", "siren": "216800722", "siret": "21680072200011",
    "insee_code": "68072", "department": "68", "population": "1300", "population_kind": "totale",
    "population_year": "2022", "address": "", "postcode": "68440",
}  # fmt: skip


def _facts(authority: Authority) -> list[str]:
    with scope.authority(authority.id):
        return [f.kind for f in Fact.objects.all()]


@pytest.fixture
def town() -> Authority:
    return an_authority()


@pytest.fixture
def administrator(town: Authority) -> Client:
    return signed_in(an_agent(town, "administrator", "Alix Maire"), town, "administrator")


@pytest.fixture
def operator() -> Client:
    whole = an_authority("agglo", kind="agglomeration")
    return signed_in(an_agent(whole, "operator", "Oli Exploitant"), whole, "operator")


def _role(**changes: Any) -> dict[str, Any]:
    base = {"do": "grant", "email": "neuve@exemple.test", "full_name": "Neuve Agente", "role": "buyer"}
    return {**base, "valid_from": str(today()), "valid_until": "", **changes}


def test_an_administrator_invites_someone_new_who_chooses_a_password_and_comes_in(
    town: Authority, administrator: Client
) -> None:
    assert administrator.post("/valbruche/bureau/agents/", _role()).status_code == 302
    person = Person.objects.get(email="neuve@exemple.test")
    assert not person.has_usable_password()
    assert [h.role for h in hats_of(person.id)] == ["buyer"]
    assert _facts(town) == ["role.granted"]
    client = Client()
    link = link_in_mail("neuve@exemple.test", "mot-de-passe/nouveau")
    form = client.get(link, follow=True)
    assert "Choisir un mot de passe" in text_of(form)
    done = client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert done["Location"] == "/compte/mot-de-passe/change/"
    assert EmailAddress.objects.get(user=person).verified
    assert (
        client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})["Location"] == "/compte/role/"
    )
    assert client.get("/compte/role/")["Location"] == "/compte/deuxieme-etape/"
    assert "Ce lien ne sert plus" in text_of(Client().get(link))


def test_someone_known_only_gets_the_role(town: Authority, administrator: Client) -> None:
    known = a_person("Camille Essai")
    assert administrator.post("/valbruche/bureau/agents/", _role(email=known.email, full_name="")).status_code == 302
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert known.full_name == "Camille Essai"
    assert "mot-de-passe" not in mail.outbox[-1].body


def test_an_account_that_never_proved_its_address_loses_the_password_a_stranger_may_know(administrator: Client) -> None:
    squatted = a_person("Camille Essai")
    EmailAddress.objects.filter(user=squatted).update(verified=False)
    administrator.post("/valbruche/bureau/agents/", _role(email=squatted.email))
    squatted.refresh_from_db()
    assert not squatted.has_usable_password()
    assert link_in_mail(squatted.email, "mot-de-passe/nouveau")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"full_name": ""}, "donnez le prénom et le nom"),
        ({"email": "alix.maire@exemple.test"}, "Personne ne se donne un rôle"),
        ({"valid_until": "2020-01-01"}, "précède son début"),
        ({"role": "operator"}, "operator"),
        ({"email": "pas une adresse"}, "adresse"),
        ({"valid_from": ""}, "obligatoire"),
    ],
)
def test_refusals_are_said_and_nothing_is_written(
    town: Authority, administrator: Client, changes: dict[str, str], said: str
) -> None:
    page = administrator.post("/valbruche/bureau/agents/", _role(**changes))
    assert page.status_code == 200
    assert said in text_of(page)
    assert RoleGrant.objects.filter(authority=town).count() == 1
    assert not Person.objects.filter(email="neuve@exemple.test").exists()
    assert _facts(town) == []


def test_the_same_role_twice_is_refused_but_a_later_one_is_not(town: Authority, administrator: Client) -> None:
    until = str(today() + timedelta(days=10))
    assert administrator.post("/valbruche/bureau/agents/", _role(valid_until=until)).status_code == 302
    assert administrator.post("/valbruche/bureau/agents/", _role()).status_code == 200
    later = _role(valid_from=str(today() + timedelta(days=11)))
    assert administrator.post("/valbruche/bureau/agents/", later).status_code == 302


def test_a_role_ended_gives_nothing_from_the_next_request(town: Authority, administrator: Client) -> None:
    agent = an_agent(town, "administrator", "Dominique Agent")
    other = signed_in(agent, town, "administrator")
    assert other.get("/valbruche/bureau/agents/").status_code == 200
    grant = RoleGrant.objects.get(person=agent)
    assert administrator.post("/valbruche/bureau/agents/", {"do": "end", "grant": str(grant.id)}).status_code == 302
    assert _facts(town) == ["role.ended"]
    assert other.get("/valbruche/bureau/agents/").status_code == 403
    assert "Rôles terminés" in text_of(administrator.get("/valbruche/bureau/agents/"))


def test_the_last_administrator_stays(town: Authority, administrator: Client) -> None:
    grant = RoleGrant.objects.get(authority=town)
    page = administrator.post("/valbruche/bureau/agents/", {"do": "end", "grant": str(grant.id)})
    assert "seul administrateur" in text_of(page)
    assert hats_of(grant.person_id)


def test_a_role_of_another_authority_cannot_be_ended_here(administrator: Client) -> None:
    other = an_authority("montclair")
    grant = RoleGrant.objects.get(person=an_agent(other, "buyer"))
    page = administrator.post("/valbruche/bureau/agents/", {"do": "end", "grant": str(grant.id)})
    assert "n’existe plus" in text_of(page)
    assert hats_of(grant.person_id)


@pytest.mark.parametrize("path", ["/valbruche/bureau/agents/", "/valbruche/bureau/identite/"])
def test_administration_is_for_its_administrators(town: Authority, operator: Client, path: str) -> None:
    other = an_authority("montclair")
    for client in (
        operator,
        signed_in(an_agent(town, "buyer", "Bo Acheteuse"), town, "buyer"),
        signed_in(an_agent(other, "administrator", "Un Voisin"), other, "administrator"),
        signed_in(an_agent(town, "administrator", "Sans Code"), town, "administrator", second_factor=False),
        signed_in(a_person("Simple Usager")),
    ):
        assert client.get(path).status_code == 403
        assert client.post(path, _role()).status_code == 403
    assert Client().get(path).status_code == 302


def test_the_operator_opens_an_authority_and_names_its_administrator(operator: Client) -> None:
    assert operator.get("/exploitation/collectivites/nouvelle/").status_code == 200
    answer = operator.post(
        "/exploitation/collectivites/nouvelle/", {**FICHE, "siren": "216 800 722", "siret": "216 800 722 00011"}
    )
    assert answer["Location"] == "/exploitation/collectivites/montclair/agents/"
    made = Authority.objects.get(slug="montclair")
    assert made.siret == "21680072200011"
    granted = operator.post("/exploitation/collectivites/montclair/agents/", _role(role="administrator"))
    assert granted.status_code == 302
    assert _facts(made) == ["authority.created", "role.granted"]
    assert "Montclair" in text_of(operator.get("/exploitation/"))
    edited = operator.post(
        "/exploitation/collectivites/montclair/",
        {**FICHE, "name": "Montclair-le-Haut", "slug": "autre", "latitude": "47,7499", "longitude": "7.3362"},
    )
    assert edited.status_code == 302
    made.refresh_from_db()
    assert (made.name, made.slug) == ("Montclair-le-Haut", "montclair")
    assert (made.latitude, made.longitude) == (47.7499, 7.3362)
    assert 'value="47,7499"' in operator.get("/exploitation/collectivites/montclair/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slug": "compte"}, "déjà une adresse de la plateforme"),
        ({"siret": "216 800 722 0001"}, "il en manque un"),
        ({"siren": "216800723"}, "n’est pas celui de ce SIREN"),
        ({"kind": "agglomeration"}, "une seule agglomération"),
        ({"latitude": "47,7"}, "laissez les deux vides"),
        ({"latitude": "91", "longitude": "7"}, "hors du globe"),
    ],
)
def test_a_wrong_authority_is_refused(operator: Client, changes: dict[str, str], said: str) -> None:
    page = operator.post("/exploitation/collectivites/nouvelle/", {**FICHE, **changes})
    assert page.status_code == 200
    assert said in text_of(page)


def test_administrators_learn_what_the_operator_gives(town: Authority, administrator: Client, operator: Client) -> None:
    operator.post("/exploitation/collectivites/valbruche/agents/", _role())
    told = [m for m in mail.outbox if m.to == ["alix.maire@exemple.test"]]
    assert len(told) == 1
    assert "neuve@exemple.test" in told[0].body


def test_the_operator_s_own_role_exists_in_the_agglomeration_only(town: Authority, operator: Client) -> None:
    assert operator.post("/exploitation/collectivites/valbruche/agents/", _role(role="operator")).status_code == 200
    assert operator.post("/exploitation/collectivites/agglo/agents/", _role(role="operator")).status_code == 302


def test_exploitation_is_for_the_operator(town: Authority, administrator: Client) -> None:
    for path in (
        "/exploitation/",
        "/exploitation/collectivites/nouvelle/",
        "/exploitation/collectivites/valbruche/",
        "/exploitation/collectivites/valbruche/agents/",
    ):
        assert administrator.get(path).status_code == 403
        assert Client().get(path).status_code == 302
