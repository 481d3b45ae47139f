import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from parvis.accounts.models import Person
from tests.accounts.helpers import code_of, link_in_mail, sign_in, text_of, with_totp
from tests.world import PASSWORD, a_company, a_person

pytestmark = pytest.mark.django_db


def test_my_account_says_who_i_am_and_how_i_sign_in() -> None:
    person = with_totp(a_person())
    a_company(people=(person,))
    page = text_of(sign_in(person).get("/compte/"))
    for said in (
        "Camille Essai",
        person.email,
        "Application de codes, depuis le",
        "Voir vos codes de secours",
        "Toitures Invention",
        "732 829 320 00074",
    ):
        assert said in page
    assert Client().get("/compte/")["Location"] == "/compte/connexion/?next=/compte/"


def test_name_and_phone_change() -> None:
    person = a_person()
    client = sign_in(person)
    assert client.get("/compte/profil/").status_code == 200
    assert client.post("/compte/profil/", {"full_name": "Camille Autre", "phone": "03 89 00 00 00"}).status_code == 302
    person.refresh_from_db()
    assert (person.full_name, person.phone) == ("Camille Autre", "03 89 00 00 00")
    assert client.post("/compte/profil/", {"full_name": ""}).status_code == 200


def test_a_new_address_replaces_the_old_one_when_it_is_proved() -> None:
    person = a_person()
    client = sign_in(person)
    assert client.get("/compte/adresse/").status_code == 200
    client.post("/compte/adresse/", {"email": "nouvelle@exemple.test", "action_add": "1"})
    person.refresh_from_db()
    assert person.email == "camille.essai@exemple.test"
    assert "attend d’être vérifiée" in text_of(client.get("/compte/adresse/"))
    client.post(link_in_mail("nouvelle@exemple.test", "adresse/verification"))
    person.refresh_from_db()
    assert person.email == "nouvelle@exemple.test"
    assert [e.email for e in EmailAddress.objects.all()] == ["nouvelle@exemple.test"]
    told = [m for m in mail.outbox if m.subject == "L’adresse de votre compte a changé"]
    assert [m.to for m in told] == [["camille.essai@exemple.test"]]


def test_another_s_address_is_not_told_apart() -> None:
    a_person("Autre Personne", "prise@exemple.test")
    client = sign_in(a_person())
    answers = [
        client.post("/compte/adresse/", {"email": e, "action_add": "1"})
        for e in ("prise@exemple.test", "libre@exemple.test")
    ]
    assert {a.status_code for a in answers} == {302}


def test_the_password_changes_after_the_old_one_and_the_owner_is_told() -> None:
    person = a_person()
    client, other = sign_in(person), sign_in(person)
    fresh = "une phrase toute nouvelle"
    wrong = client.post("/compte/mot-de-passe/", {"oldpassword": "x", "password1": fresh, "password2": fresh})
    assert "mot de passe actuel" in text_of(wrong)
    done = client.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert done.status_code == 302
    assert "a changé" in mail.outbox[-1].subject
    assert client.get("/compte/").status_code == 200
    assert other.get("/compte/").status_code == 302
    assert Person.objects.get().check_password(fresh)


def test_signing_out_everywhere_else_keeps_this_session() -> None:
    person = a_person()
    here, elsewhere = sign_in(person), sign_in(person)
    stranger = sign_in(a_person("Autre Personne"))
    assert here.get("/compte/deconnexion-partout/").status_code == 405
    assert here.post("/compte/deconnexion-partout/").status_code == 302
    assert here.get("/compte/").status_code == 200
    assert elsewhere.get("/compte/").status_code == 302
    assert stranger.get("/compte/").status_code == 200


def test_what_changes_the_sign_in_asks_again_who_is_there_after_five_minutes() -> None:
    person = with_totp(a_person())
    client = sign_in(person)
    assert client.get("/compte/deuxieme-etape/codes/").status_code == 200
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 301}]
    session.save()
    again = client.get("/compte/deuxieme-etape/codes/nouveaux/")
    assert again["Location"] == "/compte/confirmer/?next=%2Fcompte%2Fdeuxieme-etape%2Fcodes%2Fnouveaux%2F"
    assert client.get(again["Location"]).status_code == 200
    done = client.post(again["Location"], {"password": PASSWORD})
    assert done["Location"] == "/compte/deuxieme-etape/codes/nouveaux/"
    assert client.post("/compte/deuxieme-etape/codes/nouveaux/").status_code == 302
    assert client.get("/compte/deuxieme-etape/codes/fichier/").status_code == 200
    assert code_of(person)


def test_every_account_page_opens() -> None:
    client = sign_in(a_person())
    for path in (
        "mot-de-passe/",
        "adresse/",
        "confirmer/",
        "deuxieme-etape/cles/",
        "deuxieme-etape/cles/ajouter/",
        "entreprise/",
        "deconnexion/",
    ):
        assert client.get(f"/compte/{path}").status_code == 200, path
    for path in (
        "mot-de-passe/oublie/",
        "mot-de-passe/oublie/envoye/",
        "mot-de-passe/change/",
        "ferme/",
        "identite/annulee/",
    ):
        assert Client().get(f"/compte/{path}").status_code == 200, path
