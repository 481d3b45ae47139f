"""Guessing is slowed by account, address and subnet; the owner is never shut out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from parvis.accounts.models import AttemptCount
from parvis.accounts.services import throttle
from parvis.accounts.services.throttle import Attempt
from parvis.kit import clock
from tests.accounts.helpers import link_in_mail, sign_in, text_of
from tests.world import PASSWORD, a_person

pytestmark = pytest.mark.django_db


def _guess(email: str, ip: str, password: str = "une mauvaise idée", client: Client | None = None) -> str:
    answer = (client or Client()).post("/compte/connexion/", {"login": email, "password": password}, REMOTE_ADDR=ip)
    return "in" if answer.status_code == 302 else "refused" if "Trop d’essais" in text_of(answer) else "wrong"


def test_strangers_wait_the_owner_s_own_browser_does_not() -> None:
    person = a_person()
    own = sign_in(person)
    own.post("/compte/deconnexion/")
    assert [_guess(person.email, f"198.51.{n}.1") for n in range(12)] == ["wrong"] * 10 + ["refused"] * 2
    assert _guess(person.email, "198.51.100.7", PASSWORD) == "refused"
    assert _guess(person.email, "192.0.2.1", PASSWORD, own) == "in"


def test_the_letter_opens_the_way_from_anywhere() -> None:
    person = a_person()
    for n in range(10):
        _guess(person.email, f"198.51.{n}.1")
    for n in range(20):
        _guess(f"p{n}@exemple.test", "203.0.113.9")
    assert _guess(person.email, "203.0.113.9", PASSWORD) == "refused"
    client = Client(REMOTE_ADDR="203.0.113.9")
    client.post("/compte/mot-de-passe/oublie/", {"email": person.email})
    form = client.get(link_in_mail(person.email, "mot-de-passe/nouveau"), follow=True)
    fresh = "un autre mot de passe encore"
    client.post(form.redirect_chain[-1][0], {"password1": fresh, "password2": fresh})
    assert _guess(person.email, "203.0.113.9", fresh, client) == "in"


def test_it_ends_by_itself() -> None:
    person = a_person()
    for n in range(11):
        last = _guess(person.email, f"198.51.{n}.1")
    assert last == "refused"
    with clock.frozen_at(clock.now() + timedelta(minutes=16)):
        assert _guess(person.email, "198.51.100.7", PASSWORD) == "in"


def test_one_address_trying_many_accounts_is_stopped_and_its_neighbours_are_not() -> None:
    person = a_person()
    guesses = [_guess(f"p{n}@exemple.test", "198.51.100.7") for n in range(22)]
    assert guesses == ["wrong"] * 20 + ["refused"] * 2
    assert _guess(person.email, "198.51.100.8", PASSWORD) == "in"


def test_a_subnet_is_counted_together() -> None:
    for n in range(100):
        throttle.record_failure(Attempt(f"p{n}@exemple.test", f"198.51.100.{n + 1}"))
    assert throttle.is_refused(Attempt("z@exemple.test", "198.51.100.250"))
    assert not throttle.is_refused(Attempt("z@exemple.test", "198.51.101.250"))
    assert AttemptCount.objects.filter(failures=100).count() == 1


def test_an_ipv6_subscriber_is_one_address() -> None:
    for n in range(20):
        throttle.record_failure(Attempt(f"p{n}@exemple.test", f"2001:db8:1:1::{n:x}"))
    assert throttle.is_refused(Attempt("z@exemple.test", "2001:db8:1:1:ffff::1"))
    assert not throttle.is_refused(Attempt("z@exemple.test", "2001:db8:1:2::1"))


def test_a_device_known_to_one_account_is_a_stranger_to_another_and_has_its_own_limit() -> None:
    token = throttle.device_token("a@exemple.test")
    assert throttle.is_known_device(token, "A@exemple.test")
    assert not throttle.is_known_device(token, "b@exemple.test")
    assert not throttle.is_known_device(token + "x", "a@exemple.test")
    for _ in range(10):
        throttle.record_failure(Attempt("a@exemple.test", "192.0.2.1", token))
    assert throttle.is_refused(Attempt("a@exemple.test", "192.0.2.1", token))
    assert not throttle.is_refused(Attempt("a@exemple.test", "192.0.2.2"))


def test_successes_cost_nothing() -> None:
    person = a_person()
    for _ in range(25):
        client = Client()
        assert _guess(person.email, "198.51.100.7", PASSWORD, client) == "in"
    assert not AttemptCount.objects.exists()


def test_no_address_is_kept_and_old_counts_are_forgotten() -> None:
    throttle.record_failure(Attempt("a@exemple.test", "192.0.2.1"))
    assert not [k for k in AttemptCount.objects.values_list("key", flat=True) if "192" in k and "exemple" in k]
    assert throttle.forget_old() == 0
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        assert throttle.forget_old() == 3


@pytest.mark.parametrize(("header", "refused"), [("", True), ("X-Real-IP", False)])
def test_the_client_s_address_comes_from_the_header_only_when_the_settings_say_so(
    settings: Any, header: str, refused: bool
) -> None:
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = header or None
    person = a_person()
    for n in range(20):
        Client().post(
            "/compte/connexion/",
            {"login": f"p{n}@exemple.test", "password": "une mauvaise idée"},
            REMOTE_ADDR="192.0.2.1",
            headers={"x-real-ip": f"198.51.100.{n + 1}", "x-forwarded-for": f"198.51.100.{n + 1}"},
        )
    answer = Client().post(
        "/compte/connexion/",
        {"login": person.email, "password": PASSWORD},
        REMOTE_ADDR="192.0.2.1",
        headers={"x-real-ip": "198.51.100.99", "x-forwarded-for": "198.51.100.99"},
    )
    assert (answer.status_code == 200) is refused
