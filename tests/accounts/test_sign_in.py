import pytest
from django.test import Client

from tests.world import PASSWORD, a_person

pytestmark = pytest.mark.django_db


def test_the_sign_in_page_opens() -> None:
    page = Client().get("/compte/connexion/")
    assert page.status_code == 200
    assert "Se connecter" in page.content.decode()


def test_a_person_signs_in() -> None:
    person = a_person()
    answer = Client().post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/compte/role/"
