"""The second step: asked of agents before any desk page, proved once per session, never skipped."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from parvis.authorities.actor import actor_of
from tests.accounts.helpers import code_of, sign_in, text_of, with_totp
from tests.world import PASSWORD, a_person, an_agent, an_authority

pytestmark = pytest.mark.django_db


def _actor(client: Client) -> object:
    class Seen:
        session = client.session

    from parvis.accounts.models import Person

    request = Seen()
    request.user = Person.objects.get(id=client.session["_auth_user_id"])  # type: ignore[attr-defined]
    return actor_of(request)  # type: ignore[arg-type]


def test_an_agent_without_a_factor_is_led_to_set_one_up_and_then_to_the_desk() -> None:
    agent = an_agent(an_authority(), "buyer")
    client = sign_in(agent)
    assert client.get("/compte/role/")["Location"] == "/compte/deuxieme-etape/"
    assert client.get("/compte/deuxieme-etape/")["Location"] == "/compte/deuxieme-etape/application/"
    page = client.get("/compte/deuxieme-etape/application/")
    assert page.status_code == 200
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())
    assert secret
    code = format_hotp_value(hotp_value(secret.group(1), next(iter(yield_hotp_counters_from_time()))))
    done = client.post("/compte/deuxieme-etape/application/", {"code": code})
    assert done["Location"] == "/compte/deuxieme-etape/codes/"
    assert "10 codes sur 10" in text_of(client.get("/compte/deuxieme-etape/codes/"))
    assert _actor(client).second_factor  # type: ignore[attr-defined]
    assert client.get("/compte/role/")["Location"] == "/valbruche/bureau/"


def test_a_wrong_code_says_what_to_do() -> None:
    client = Client()
    person = with_totp(a_person())
    client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    page = client.post("/compte/deuxieme-etape/code/", {"code": "000000" if code_of(person) != "000000" else "111111"})
    assert page.status_code == 200
    assert "Attendez le suivant" in text_of(page)
    assert "_auth_user_id" not in client.session


def test_a_code_serves_once() -> None:
    person = with_totp(a_person())
    sign_in(person)
    client = Client()
    client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    page = client.post("/compte/deuxieme-etape/code/", {"code": code_of(person)})
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_password_alone_does_not_sign_in_who_has_a_factor() -> None:
    person = with_totp(a_person())
    client = Client()
    client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    assert client.get("/compte/")["Location"].startswith("/compte/connexion/")


def test_a_session_older_than_the_factor_proves_it_before_going_on() -> None:
    agent = an_agent(an_authority(), "buyer")
    client = sign_in(agent)
    with_totp(agent)
    assert client.get("/compte/deuxieme-etape/")["Location"] == "/compte/deuxieme-etape/confirmer/?next=/compte/role/"
    done = client.post("/compte/deuxieme-etape/confirmer/", {"code": code_of(agent), "next": "/compte/role/"})
    assert done["Location"] == "/compte/role/"
    assert _actor(client).second_factor  # type: ignore[attr-defined]


def test_removing_the_last_factor_takes_the_proof_away() -> None:
    agent = with_totp(an_agent(an_authority(), "buyer"))
    client = sign_in(agent)
    assert client.get("/compte/role/")["Location"] == "/valbruche/bureau/"
    assert client.get("/compte/deuxieme-etape/application/retirer/").status_code == 200
    assert client.post("/compte/deuxieme-etape/application/retirer/").status_code == 302
    assert not Authenticator.objects.filter(user=agent).exists()
    assert not _actor(client).second_factor  # type: ignore[attr-defined]
    assert client.get("/compte/role/")["Location"] == "/compte/deuxieme-etape/"


def test_proofs_of_another_account_in_the_session_count_for_nothing() -> None:
    agent = an_agent(an_authority(), "buyer")
    client = sign_in(agent)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 1}]
    session["account_authentication_methods_user"] = str(a_person("Autre Personne").id)
    session.save()
    assert not _actor(client).second_factor  # type: ignore[attr-defined]


def test_secrets_are_encrypted_at_rest() -> None:
    person = a_person()
    from parvis.accounts.facade import give_totp

    secret = give_totp(person.id)
    stored = str([a.data for a in Authenticator.objects.filter(user=person)])
    assert secret not in stored


def test_a_recovery_code_replaces_the_application_once() -> None:
    person = with_totp(a_person())
    code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
        assert client.post("/compte/deuxieme-etape/code/", {"code": code}).status_code == expected
