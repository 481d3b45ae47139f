from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.audit.models import Fact
from parvis.authorities.models import Authority
from parvis.kit import scope
from tests.accounts.helpers import text_of
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/valbruche/bureau/identite/"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0H1V1Z"/></svg>'


@pytest.fixture
def town() -> Authority:
    return an_authority()


@pytest.fixture
def administrator(town: Authority) -> Client:
    return signed_in(an_agent(town, "administrator", "Alix Maire"), town, "administrator")


def _posted(**changes: Any) -> dict[str, Any]:
    base = {
        "accent": "#7a1f1f",
        "host_name": "",
        "desk_name": "Mairie",
        "desk_hours": "le matin",
        "desk_contact": "03 89 00 00 00",
    }
    return {**base, **changes}


def test_colour_and_desk_change_the_pages_and_leave_a_fact(town: Authority, administrator: Client) -> None:
    assert administrator.get(PAGE).status_code == 200
    assert administrator.post(PAGE, _posted()).status_code == 302
    page = text_of(administrator.get(PAGE))
    assert "03 89 00 00 00" in page
    assert "Contrastes obtenus" in page
    assert "#7a1f1f" in Client().get("/theme/valbruche.css").content.decode()
    with scope.authority(town.id):
        fact = Fact.objects.get(kind="authority.changed")
    assert fact.data["accent"] == "#7a1f1f"
    assert "host_name" not in fact.data


def test_a_coat_is_sent_shown_and_taken_back(town: Authority, administrator: Client) -> None:
    administrator.post(PAGE, _posted(logo_file=SimpleUploadedFile("blason.svg", DRAWING)))
    assert "M0 0H1V1Z" in Client().get("/blason/valbruche.svg").content.decode()
    administrator.post(PAGE, _posted())
    assert "M0 0H1V1Z" in Client().get("/blason/valbruche.svg").content.decode()
    administrator.post(PAGE, _posted(drop_logo="on"))
    assert "Blason provisoire" in Client().get("/blason/valbruche.svg").content.decode()


def test_a_coat_that_could_act_is_refused_with_its_culprit(town: Authority, administrator: Client) -> None:
    bad = DRAWING.replace(b"<path", b"<script/><path")
    page = administrator.post(PAGE, _posted(logo_file=SimpleUploadedFile("blason.svg", bad)))
    assert page.status_code == 200
    assert "script" in text_of(page)
    town.refresh_from_db()
    assert town.logo == ""


@pytest.mark.parametrize("host", ["testserver", "127.0.0.1", "ailleurs.exemple.test", "https://commune.localhost"])
def test_a_host_that_the_operator_did_not_open_is_refused(administrator: Client, host: str) -> None:
    assert administrator.post(PAGE, _posted(host_name=host)).status_code == 200


def test_a_wrong_colour_is_refused(administrator: Client) -> None:
    assert administrator.post(PAGE, _posted(accent="rouge")).status_code == 200


def test_at_home_on_its_own_host_and_nobody_else_there(town: Authority, administrator: Client) -> None:
    an_authority("montclair")
    assert administrator.post(PAGE, _posted(host_name="commune.localhost")).status_code == 302
    page = Client().get("/compte/connexion/", headers={"host": "commune.localhost"})
    assert "/blason/valbruche.svg" in page.content.decode()
    assert Client().get("/montclair/bureau/agents/", headers={"host": "commune.localhost"}).status_code == 404
    assert Client().get("/montclair/bureau/agents/").status_code == 302


def test_two_authorities_never_share_a_host(administrator: Client) -> None:
    an_authority("montclair", host_name="commune.localhost")
    page = administrator.post(PAGE, _posted(host_name="commune.localhost"))
    assert page.status_code == 200
    assert "déjà celui d’une autre" in text_of(page)
