"""OpenID Connect against the local identity provider, its pages called as the outside network would."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from requests.structures import CaseInsensitiveDict

from parvis.accounts.models import Person
from parvis.accounts.web.identity import SocialAdapter
from tests.accounts.helpers import text_of, with_totp
from tests.world import a_person, an_agent, an_authority

pytestmark = pytest.mark.django_db


class Outside:
    """A `requests` session whose network is the test client: what the server would fetch from the provider."""

    tamper: Any = staticmethod(lambda path, body: body)

    def __enter__(self) -> "Outside":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, url: str, headers: dict[str, str] | None = None, **_: Any) -> Any:
        return self._answer(url, Client().get(urlsplit(url).path, headers=headers or {}))

    def request(self, method: str, url: str, data: Any = None, headers: Any = None, **_: Any) -> Any:
        return self._answer(url, getattr(Client(), method.lower())(urlsplit(url).path, data or {}))

    def post(self, url: str, data: Any = None, **_: Any) -> Any:
        return self.request("POST", url, data)

    def _answer(self, url: str, answer: Any) -> Any:
        body = self.tamper(urlsplit(url).path, answer.content.decode())

        def raise_for_status() -> None:
            assert answer.status_code < 400, body

        def read() -> Any:
            import json

            return json.loads(body)

        return SimpleNamespace(
            text=body, content=body.encode(), json=read, status_code=answer.status_code,
            headers=CaseInsensitiveDict(answer.headers), raise_for_status=raise_for_status,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Outside]]:
    monkeypatch.setattr(SocialAdapter, "get_requests_session", lambda self: Outside())
    yield Outside
    Outside.tamper = staticmethod(lambda path, body: body)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _come_in(client: Client, person: Person, audience: str) -> Any:
    """From the button to the answer of the callback."""
    asked = client.post(f"/compte/identite/{audience}/")
    assert asked.status_code == 302
    page = client.get(_path(asked["Location"]))
    assert person.full_name in text_of(page)
    back = client.post(_path(asked["Location"]), {"person": str(person.id)})
    return client.get(_path(back["Location"]))


def test_the_request_carries_state_nonce_and_pkce_and_nothing_a_visitor_chose() -> None:
    asked = Client().post("/compte/identite/agents/?scope=admin&auth_params=acr_values%3Dnone")
    query = parse_qs(urlsplit(asked["Location"]).query)
    assert {"state", "nonce", "code_challenge"} <= set(query)
    assert query["acr_values"] == ["eidas1"]
    assert query["code_challenge_method"] == ["S256"]
    assert "admin" not in query["scope"][0]
    assert query["redirect_uri"] == ["http://testserver/compte/identite/agents/retour/"]


def test_an_agent_is_linked_by_their_verified_address_and_still_proves_the_second_factor() -> None:
    agent = with_totp(an_agent(an_authority(), "buyer"))
    client = Client()
    assert _come_in(client, agent, "agents")["Location"] == "/compte/deuxieme-etape/code/"
    assert SocialAccount.objects.get().user == agent
    assert Person.objects.count() == 1
    agent.refresh_from_db()
    assert agent.has_usable_password()


def test_a_citizen_comes_in_and_comes_back() -> None:
    person = a_person()
    for _ in range(2):
        client = Client()
        assert _come_in(client, person, "usagers")["Location"] == "/compte/role/"
        assert client.session["_auth_user_id"] == str(person.id)
    assert SocialAccount.objects.count() == 1


def test_an_address_that_this_side_never_verified_loses_its_password() -> None:
    person = a_person()
    EmailAddress.objects.update(verified=False)
    client = Client()
    _come_in(client, person, "usagers")
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_the_two_audiences_know_a_person_by_different_subjects() -> None:
    agent = an_agent(an_authority(), "buyer")
    _come_in(Client(), agent, "agents")
    from parvis.authorities.models import RoleGrant

    RoleGrant.objects.all().delete()
    _come_in(Client(), agent, "usagers")
    assert SocialAccount.objects.values("uid").distinct().count() == 2


def test_a_refusal_at_the_provider_is_no_error() -> None:
    client = Client()
    asked = client.post("/compte/identite/usagers/")
    back = client.post(_path(asked["Location"]), {"refuse": "1"})
    page = client.get(_path(back["Location"]), follow=True)
    assert "Vous avez arrêté la connexion" in text_of(page)


def test_an_answer_to_another_browser_s_request_is_refused() -> None:
    person = a_person()
    victim, thief = Client(), Client()
    asked = thief.post("/compte/identite/usagers/")
    back = thief.post(_path(asked["Location"]), {"person": str(person.id)})
    page = victim.get(_path(back["Location"]))
    assert "La connexion n’a pas abouti" in text_of(page)
    assert "_auth_user_id" not in victim.session


def test_a_code_serves_once() -> None:
    person = a_person()
    client = Client()
    asked = client.post("/compte/identite/usagers/")
    back = client.post(_path(asked["Location"]), {"person": str(person.id)})
    code = parse_qs(urlsplit(back["Location"]).query)["code"][0]
    assert client.get(_path(back["Location"])).status_code == 302
    again = Client().post("/demo/identite/usagers/jeton/", {"code": code, "client_id": "parvis"})
    assert again.status_code == 400


def test_a_forged_token_or_another_s_information_is_refused(outside: type[Outside]) -> None:
    person = a_person()

    def forge(path: str, body: str) -> str:
        return re.sub(r'("id_token": "[^".]+\.)[^".]+', r"\1eyJzdWIiOiJ4In0", body) if path.endswith("jeton/") else body

    def other(path: str, body: str) -> str:
        if not path.endswith("personne/"):
            return body
        from parvis.site.web import local_identity as local

        return local._signed(local._base(local._issuer("usagers"), "parvis", "usagers", str(a_person("Un Autre").id)))

    for tamper in (forge, other):
        outside.tamper = staticmethod(tamper)
        client = Client()
        asked = client.post("/compte/identite/usagers/")
        back = client.post(_path(asked["Location"]), {"person": str(person.id)})
        assert "La connexion n’a pas abouti" in text_of(client.get(_path(back["Location"])))
        assert "_auth_user_id" not in client.session


def test_an_unasked_nonce_is_refused() -> None:
    person = a_person()
    client = Client()
    asked = client.post("/compte/identite/usagers/")
    back = client.post(_path(asked["Location"]), {"person": str(person.id)})
    session = client.session
    session["identity_nonces"] = ["another"]
    session.save()
    assert "La connexion n’a pas abouti" in text_of(client.get(_path(back["Location"])))


def test_the_local_provider_sends_nobody_elsewhere() -> None:
    for target in ("https://ailleurs.test/compte/identite/usagers/retour/", "http://testserver/ailleurs/", ""):
        answer = Client().get("/demo/identite/usagers/autoriser/", {"redirect_uri": target, "response_type": "code"})
        assert answer.status_code == 404


def test_buttons_are_shown_only_for_configured_providers(settings: Any) -> None:
    assert "ProConnect" in text_of(Client().get("/compte/connexion/"))
    settings.SOCIALACCOUNT_PROVIDERS = {"identity": {"APPS": []}}
    page = text_of(Client().get("/compte/connexion/"))
    assert "ProConnect" not in page
    assert "FranceConnect" not in page
    assert Client().post("/compte/identite/agents/").status_code == 404


def test_coming_in_is_asked_by_post_alone() -> None:
    assert Client().get("/compte/identite/agents/").status_code == 405
