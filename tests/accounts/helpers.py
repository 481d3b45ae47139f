"""Short ways through the sign-in, by the pages themselves."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from parvis.accounts.facade import current_codes, give_totp
from parvis.accounts.models import Person
from tests.world import PASSWORD


def code_of(person: Person) -> str:
    return current_codes()[person.id]


def sign_in(person: Person, client: Client | None = None, password: str = PASSWORD, **extra: Any) -> Client:
    """E-mail, password, and the code where the person has an application."""
    client = client or Client()
    answer = client.post("/compte/connexion/", {"login": person.email, "password": password}, **extra)
    assert answer.status_code == 302, answer.content.decode()
    if Authenticator.objects.filter(user=person, type="totp").exists():
        assert answer["Location"] == "/compte/deuxieme-etape/code/"
        answer = client.post("/compte/deuxieme-etape/code/", {"code": code_of(person)}, **extra)
        assert answer.status_code == 302, answer.content.decode()
    return client


def with_totp(person: Person) -> Person:
    give_totp(person.id)
    return person


def link_in_mail(to: str, part: str) -> str:
    """The path of the newest link to this address that holds `part`."""
    for letter in reversed(mail.outbox):
        if letter.to == [to]:
            found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", str(letter.body))
            if found:
                return found.group(1)
    raise AssertionError(f"no letter to {to} holds {part}: {[(m.to, m.subject) for m in mail.outbox]}")


def text_of(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())
