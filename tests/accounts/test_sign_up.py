"""Opening an account, and telling nobody who already has one."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from parvis.accounts.models import Person
from tests.accounts.helpers import link_in_mail, text_of
from tests.world import PASSWORD, a_person

pytestmark = pytest.mark.django_db
ASKED = {"full_name": "Noé  Essai", "email": "noe@exemple.test", "password1": PASSWORD}


def _body(answer: object) -> str:
    """A page without what differs at each showing."""
    return re.sub(r'(value|content)="[^"]*"', "", text_of(answer))


def test_from_sign_up_to_signed_in_by_the_letter() -> None:
    client = Client()
    assert client.get("/compte/inscription/").status_code == 200
    assert client.post("/compte/inscription/", ASKED)["Location"] == "/compte/adresse/verification/"
    assert "Ouvrez le courriel" in text_of(client.get("/compte/adresse/verification/"))
    person = Person.objects.get(email="noe@exemple.test")
    assert person.full_name == "Noé Essai"
    link = link_in_mail("noe@exemple.test", "adresse/verification")
    assert "Oui, c’est mon adresse" in text_of(client.get(link))
    done = client.post(link)
    assert done["Location"] == "/compte/role/"
    assert client.session["_auth_user_id"] == str(person.id)
    assert client.get("/compte/role/")["Location"] == "/compte/entreprise/"


def test_an_address_not_proved_does_not_sign_in() -> None:
    client = Client()
    client.post("/compte/inscription/", ASKED)
    other = Client()
    answer = other.post("/compte/connexion/", {"login": ASKED["email"], "password": PASSWORD})
    assert answer["Location"] == "/compte/adresse/verification/"
    assert "_auth_user_id" not in other.session


def test_the_letter_is_ours_in_french_as_text_and_as_page() -> None:
    Client().post("/compte/inscription/", ASKED)
    letter = mail.outbox[-1]
    assert letter.subject == "Vérifiez votre adresse"
    assert "http://testserver/compte/adresse/verification/" in letter.body
    assert "&" not in letter.body
    html = letter.alternatives[0][0]
    assert '<html lang="fr">' in html
    assert "testserver/compte/adresse/verification/" in html


def test_a_known_address_shows_the_same_page_and_writes_to_its_owner() -> None:
    a_person("Camille Essai", "connue@exemple.test")
    shown = []
    for email in ("connue@exemple.test", "neuve@exemple.test"):
        client = Client()
        answer = client.post("/compte/inscription/", {**ASKED, "email": email}, follow=True)
        assert answer.status_code == 200
        assert [step[0] for step in answer.redirect_chain] == ["/compte/adresse/verification/"]
        shown.append(_body(answer))
    assert shown[0] == shown[1]
    assert Person.objects.count() == 2
    told = [m for m in mail.outbox if m.to == ["connue@exemple.test"]]
    assert [m.subject for m in told] == ["Vous avez déjà un compte"]
    assert "/compte/mot-de-passe/oublie/" in told[0].body


def test_a_forgotten_password_says_the_same_of_a_known_and_an_unknown_address() -> None:
    a_person("Camille Essai", "connue@exemple.test")
    shown = []
    for email in ("connue@exemple.test", "neuve@exemple.test"):
        answer = Client().post("/compte/mot-de-passe/oublie/", {"email": email}, follow=True)
        assert [step[0] for step in answer.redirect_chain] == ["/compte/mot-de-passe/oublie/envoye/"]
        shown.append(_body(answer))
    assert shown[0] == shown[1]
    assert {m.to[0]: m.subject for m in mail.outbox} == {
        "connue@exemple.test": "Choisissez un nouveau mot de passe",
        "neuve@exemple.test": "Aucun compte à cette adresse",
    }


def test_a_wrong_password_says_the_same_of_a_known_and_an_unknown_address() -> None:
    a_person("Camille Essai", "connue@exemple.test")
    shown = []
    for email in ("connue@exemple.test", "neuve@exemple.test"):
        answer = Client().post("/compte/connexion/", {"login": email, "password": "faux mot de passe"})
        assert answer.status_code == 200
        shown.append(_body(answer))
    assert shown[0] == shown[1]
    assert "ne vont pas ensemble" in shown[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"full_name": ""}, "Écrivez votre prénom"),
        ({"email": "noe"}, "valide"),
        ({"password1": "court"}, "12"),
        ({"password1": "noe@exemple.test"}, "semblable"),
    ],
)
def test_refusals_point_to_their_field(changes: dict[str, str], said: str) -> None:
    page = Client().post("/compte/inscription/", {**ASKED, **changes})
    assert page.status_code == 200
    assert said in text_of(page)
    assert not Person.objects.exists()


def test_next_is_kept_only_when_it_is_ours() -> None:
    person = a_person()
    for target, landed in (
        ("/valbruche/consultations/", "/valbruche/consultations/"),
        ("https://ailleurs.test/", "/compte/role/"),
    ):
        answer = Client().post("/compte/connexion/", {"login": person.email, "password": PASSWORD, "next": target})
        assert answer["Location"] == landed


def test_a_closed_account_does_not_come_in() -> None:
    person = a_person()
    Person.objects.filter(id=person.id).update(is_active=False)
    client = Client()
    answer = client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert "Ce compte est fermé" in text_of(answer)
    assert "_auth_user_id" not in client.session


def test_sign_out_asks_by_post_alone() -> None:
    client = Client()
    person = a_person()
    client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    assert "Se déconnecter" in text_of(client.get("/compte/deconnexion/"))
    assert "_auth_user_id" in client.session
    assert client.post("/compte/deconnexion/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_another_verified_account_blocks_a_second_proof_of_the_same_address() -> None:
    Client().post("/compte/inscription/", ASKED)
    link = link_in_mail("noe@exemple.test", "adresse/verification")
    Client().post(link)
    assert EmailAddress.objects.get(email="noe@exemple.test").verified
    assert "Ce lien ne sert plus" in text_of(Client().get("/compte/adresse/verification/n-importe-quoi/"))
