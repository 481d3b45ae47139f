"""The forecourt: homes, search and the pages about the site."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.retention import ABANDONED, booking_kept
from parvis.appointments.rules.waiting import TO_CONFIRM
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.procurement.services.open_test_consultation import open_test_consultation
from tests.appointments.agenda_world import a_place, a_reason, an_agenda
from tests.procurement.draft_world import a_draft, published
from tests.world import an_agent, an_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole() -> Authority:
    return an_authority("agglo-essai", name="Agglomération d’Essai", kind="agglomeration")


@pytest.fixture
def house(whole: Authority) -> Authority:
    return an_authority("illzach-essai", name="Illzach Essai")


def text(url: str, **query: str) -> str:
    answer = Client().get(url, query)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_home_shows_the_communes_and_what_is_open(whole: Authority, house: Authority) -> None:
    buyer = an_agent(house, "buyer").id
    made = published(house, buyer)
    with scope.authority(house.id):
        draft = a_draft(buyer)
    shown = text("/")
    assert "Le parvis de l’Agglomération d’Essai et de ses communes" in shown
    assert reverse("authority_home", args=[house.slug]) in shown
    assert reverse("consultation", args=[house.slug, made.id]) in shown
    assert "1 consultation<" in shown
    assert str(draft.id) not in shown
    with clock.frozen_at(datetime(2031, 1, 1, tzinfo=UTC)):
        assert "Aucune consultation en cours" in text("/")


def test_a_commune_is_at_home(whole: Authority, house: Authority) -> None:
    other = an_authority("autre-commune")
    made = published(house, an_agent(house, "buyer").id)
    shown = text(reverse("authority_home", args=[house.slug]))
    assert "Le parvis d’Illzach Essai" in shown
    assert str(made.id) in shown
    assert str(made.id) not in text(reverse("authority_home", args=[other.slug]))
    with clock.frozen_at(datetime(2031, 1, 1, tzinfo=UTC)):
        assert "1 consultation close" in text(reverse("authority_home", args=[house.slug]))
    assert Client().get("/nulle-part/").status_code == 404


def test_a_commune_with_its_own_name_is_at_home_at_the_root(whole: Authority, house: Authority, settings: Any) -> None:
    house.host_name = "marches.illzach-essai.test"
    settings.ALLOWED_HOSTS = settings.OWN_HOSTS = [house.host_name]
    house.save()
    shown = Client(headers={"Host": house.host_name}).get("/").content.decode()
    assert "Le parvis d’Illzach Essai" in shown


@pytest.mark.parametrize("name", ["find_appointment", "all_consultations", "search"])
def test_pages_that_compare_authorities_are_the_platform_s(
    whole: Authority, house: Authority, settings: Any, name: str
) -> None:
    """Under a commune's own host name the other communes' pages do not exist: no link may lead there."""
    house.host_name = "marches.illzach-essai.test"
    settings.ALLOWED_HOSTS = settings.OWN_HOSTS = [house.host_name]
    house.save()
    answer = Client(headers={"Host": house.host_name}).get(f"{reverse(name)}?q=toit")
    assert answer.status_code == 302
    assert answer["Location"] == f"{settings.PUBLIC_URL}{reverse(name)}?q=toit"


def test_search_finds_places_and_contracts(whole: Authority, house: Authority) -> None:
    made = published(house, an_agent(house, "buyer").id)
    page = reverse("search")
    assert reverse("authority_home", args=[house.slug]) in text(page, q="illzach").split("<main")[1]
    assert str(made.id) in text(page, q="zingueurs")
    assert "Rien ne contient" in text(page, q="introuvable")
    assert text(page, q="").count('class="card"') == 0
    assert "&lt;script&gt;" in text(page, q="<script>")


@pytest.mark.parametrize("name", ["accessibility", "legal", "site_map"])
def test_pages_about_the_site(whole: Authority, house: Authority, name: str) -> None:
    shown = text(reverse(name))
    assert shown.count("<h1>") == 1


def test_the_legal_page_says_how_long_an_appointment_is_kept(whole: Authority) -> None:
    """The same number as the one that erases (appointments/rules/data/retention.toml)."""
    shown = text(reverse("legal"))
    assert f"{booking_kept(day_of(clock.now())).days}\u00a0jours après le rendez-vous" in shown
    assert timedelta(hours=1) == ABANDONED
    assert "une heure après que le créneau est rendu" in shown
    assert timedelta(days=2) == TO_CONFIRM
    assert "deux jours après si vous ne l’avez pas confirmée" in shown


def test_the_site_map_leads_to_appointments_where_somebody_receives(whole: Authority, house: Authority) -> None:
    a_reason(an_agenda(a_place(house)))
    shown = text(reverse("site_map")).split("<main")[1]
    for name in ("find_appointment", "join_waiting"):
        assert reverse(name) in shown
    for name in ("appointments", "find_booking"):
        assert f'href="{reverse(name, args=[house.slug])}"' in shown
        assert f'href="{reverse(name, args=[whole.slug])}"' not in shown


def test_a_site_without_authorities_still_answers() -> None:
    for name in ("home", "all_consultations", "search", "accessibility", "legal", "site_map"):
        text(reverse(name))


def test_every_address_of_the_site_map_answers(whole: Authority, house: Authority) -> None:
    with scope.authority(house.id):
        open_test_consultation(house.id)
    import re

    for address in sorted(set(re.findall(r'href="(/[^"#]*)"', text(reverse("site_map")).split("<main")[1]))):
        assert Client().get(address).status_code in {200, 302}, address
