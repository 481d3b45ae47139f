"""One search over all places, an authority's own page, and a place week by week: what each state says."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.test import Client
from psycopg.types.range import TimestamptzRange

from parvis.appointments.geocoding.port import Located
from parvis.appointments.models import Agenda, HoursException, Reason, Resource
from parvis.appointments.rules.paris import midnight
from parvis.appointments.selectors.nearest import nearest_slots
from parvis.appointments.selectors.search import Wanted, offered, search
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.web.public import find
from parvis.authorities.models import Authority
from parvis.kit import scope
from parvis.kit.errors import RetryLater
from tests.appointments.agenda_world import (
    MONDAY,
    a_booking,
    a_hold,
    a_place,
    a_reason,
    add_hours,
    an_agenda,
    at,
)
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

HERE = (47.75, 7.34)


def a_town(slug: str, north_km: float = 0, **fields: object) -> Reason:
    """A town hall with one desk and identity cards from 8:30 to 11:30, so far north of HERE."""
    place: dict[str, object] = {"latitude": HERE[0] + north_km / 111.2, "longitude": HERE[1]}
    place |= {name: fields.pop(name) for name in ("has_lift", "phone") if name in fields}
    house = an_authority(slug, postcode="68100", latitude=place["latitude"], longitude=place["longitude"])
    return a_reason(an_agenda(a_place(house, f"Mairie de {house.name}", **place), desks=1, lead_minutes=0, **fields))


def full_until(reason: Reason, day: date) -> None:
    """Closed for the public up to a day, excluded."""
    with scope.authority(reason.authority_id):
        HoursException.objects.create(
            place=reason.agenda.place, during=TimestamptzRange(midnight(MONDAY), midnight(day)), why="Travaux"
        )
        materialise_openings(reason.agenda)


def opened_on_saturdays(reason: Reason) -> None:
    with scope.authority(reason.authority_id):
        for desk in Resource.objects.filter(agenda=reason.agenda):
            add_hours(desk, 5, "9:00", "11:00")
        materialise_openings(reason.agenda)


def page(url: str, status: int = 200) -> str:
    response = Client().get(url)
    assert response.status_code == status
    return plain(response.content.decode())


def plain(html: str) -> str:
    return html.replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")


def titles(html: str) -> list[str]:
    return re.findall(r'card__title"><a [^>]*>\d+\. ([^<,]+)', html)


def test_the_form_asks_what_some_place_offers_and_nothing_else() -> None:
    a_town("valbruche")
    html = page("/rendez-vous/")
    assert 'value="id-card"' in html
    assert 'value="passport"' not in html
    assert "card__title" not in html


def test_no_place_at_all_says_to_call() -> None:
    assert "Aucun lieu ne prend encore de rendez-vous ici." in page("/rendez-vous/")


def test_a_reason_is_asked_for() -> None:
    a_town("valbruche")
    html = page("/rendez-vous/?personnes=2")
    assert "Choisissez pour quoi vous venez." in html
    assert 'role="alert"' in html


def test_without_a_position_the_earliest_comes_first() -> None:
    full_until(a_town("valbruche"), MONDAY + timedelta(days=2))
    a_town("autre-rive")
    html = page("/rendez-vous/?motif=id-card&personnes=1")
    assert titles(html) == ["Mairie de Autre Rive", "Mairie de Valbruche"]
    assert "aujourd’hui à 8 h 30" in html
    assert "mercredi 25 novembre à 8 h 30" in html


def test_near_a_commune_the_nearest_comes_first_with_its_distance() -> None:
    a_town("valbruche", 6)
    a_town("autre-rive")
    html = page("/rendez-vous/?motif=id-card&personnes=1&pres=Autre+Rive")
    assert titles(html) == ["Mairie de Autre Rive", "Mairie de Valbruche"]
    assert "à 6 km au nord" in html
    by_time = page("/rendez-vous/?motif=id-card&personnes=1&pres=Autre+Rive&ordre=tot")
    assert 'aria-current="page">Les plus tôt' in by_time


def test_a_name_that_leads_nowhere_shows_everything() -> None:
    a_town("valbruche")
    html = page("/rendez-vous/?motif=id-card&personnes=1&pres=Nullepart")
    assert "Nous n’avons pas trouvé « Nullepart »." in html
    assert titles(html) == ["Mairie de Valbruche"]


class _Silent:
    def locate(self, text: str, limit: int) -> list[Located]:
        raise RetryLater(text)


class _Two:
    def locate(self, text: str, limit: int) -> list[Located]:
        return [Located("Grand-Rue, Valbruche", *HERE), Located("Grand-Rue, Autre Rive", HERE[0] + 0.1, HERE[1])]


def test_when_the_address_service_is_silent_everything_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    a_town("valbruche")
    monkeypatch.setattr(find, "geocoder", _Silent)
    html = page("/rendez-vous/?motif=id-card&personnes=1&pres=Valbruche")
    assert "La recherche d’adresse ne répond pas" in html
    assert titles(html) == ["Mairie de Valbruche"]


def test_among_several_addresses_one_may_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    a_town("valbruche")
    monkeypatch.setattr(find, "geocoder", _Two)
    html = page("/rendez-vous/?motif=id-card&personnes=1&pres=Grand-Rue")
    assert "près de Grand-Rue, Valbruche" in html
    other = re.search(r'<a href="([^"]+)">Grand-Rue, Autre Rive', html)
    assert other is not None
    monkeypatch.setattr(find, "geocoder", _Silent)  # the link knows where it leads
    chosen = page(other[1].replace("&amp;", "&"))
    assert "près de Grand-Rue, Autre Rive" in chosen
    assert "au sud" in chosen


@pytest.mark.parametrize("point", ["x", "1,2,3", "nan,7", "91,7", "47.7,inf"])
def test_a_position_that_is_none_is_left_out(point: str) -> None:
    a_town("valbruche")
    assert "près de Valbruche" in page(f"/rendez-vous/?motif=id-card&personnes=1&pres=Valbruche&point={point}")


def test_nothing_soon_here_says_where_there_is() -> None:
    near, far = a_town("valbruche"), a_town("autre-rive", 6)
    full_until(near, date(2026, 12, 14))
    html = page("/rendez-vous/?motif=id-card&personnes=2&pres=Valbruche")
    assert "Plus de place à Valbruche avant le lundi 14 décembre." in html
    assert "À 6 km, Autre Rive : aujourd’hui à 8 h 30" in html
    waiting = re.search(r'<a href="([^"]+)">être prévenu si une place se libère', html)
    assert waiting is not None
    query = parse_qs(urlsplit(waiting[1].replace("&amp;", "&")).query)
    assert query["motif"] == ["id-card"]
    assert query["personnes"] == ["2"]
    assert [UUID(one) for one in query["lieux"][0].split(",")] == [near.agenda.place_id, far.agenda.place_id]


def test_nothing_on_the_days_asked_says_the_first_after() -> None:
    reason = a_town("valbruche")
    full_until(reason, MONDAY + timedelta(days=8))
    html = page("/rendez-vous/?motif=id-card&personnes=1&quand=semaine")
    assert "Plus aucune place aux dates choisies." in html
    assert "Valbruche : mardi 1er décembre à 8 h 30" in html
    assert "voir toutes les dates" in html


def test_nothing_anywhere_offers_to_wait() -> None:
    full_until(a_town("valbruche"), MONDAY + timedelta(days=90))
    html = page("/rendez-vous/?motif=id-card&personnes=1")
    assert "Aucune place libre pour l’instant." in html
    assert "/rendez-vous/attente/?motif=id-card" in html


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("quand=semaine", "2026-11-23T08:30"),
        ("quand=prochaine", "2026-11-30T08:30"),
        ("quand=samedi", "2026-11-28T09:00"),
        ("quand=samedi&avant=2026-11-27", None),
        ("quand=prochaine&avant=2026-11-24", None),
        ("avant=2026-11-24", "2026-11-23T08:30"),
    ],
    ids=["this-week", "next-week", "saturday", "saturday-too-late", "next-week-too-late", "before"],
)
def test_the_days_asked(asked: str, first: str | None) -> None:
    opened_on_saturdays(a_town("valbruche"))
    html = page(f"/rendez-vous/?motif=id-card&personnes=1&{asked}")
    assert (re.findall(r'name="debut" value="([^"]+)"', html) or [None])[0] == first


def test_a_date_gone_by_is_explained() -> None:
    a_town("valbruche")
    assert "Cette date est passée." in page("/rendez-vous/?motif=id-card&personnes=1&avant=2026-11-20")


def test_without_steps() -> None:
    a_town("valbruche")
    html = page("/rendez-vous/?motif=id-card&personnes=1&sans_marche=on")
    assert "Aucun lieu sans marche ne prend ce rendez-vous." in html
    a_town("autre-rive", has_lift=True)
    html = page("/rendez-vous/?motif=id-card&personnes=1&sans_marche=on")
    assert titles(html) == ["Mairie de Autre Rive"]
    assert "pour 1 personne, accès sans marche." in html


def test_several_persons_are_told_how_long_it_takes() -> None:
    a_town("valbruche")
    assert "pour 3 personnes, 1 h" in page("/rendez-vous/?motif=id-card&personnes=3")


def test_a_place_that_takes_fewer_persons_says_so() -> None:
    a_town("valbruche")
    small = a_town("autre-rive")
    with scope.authority(small.authority_id):
        Reason.objects.filter(id=small.id).update(max_persons=1)
    html = page("/rendez-vous/?motif=id-card&personnes=2")
    assert titles(html) == ["Mairie de Valbruche", "Mairie de Autre Rive"]
    assert "Ce lieu reçoit 1 personne au plus à la fois." in html


def test_other_appointments_are_by_authority() -> None:
    reason = a_town("valbruche")
    a_reason(reason.agenda, "aquagym", label="Aquagym")
    html = page("/rendez-vous/")
    assert '<a href="/valbruche/rendez-vous/">Valbruche</a> : Aquagym' in html
    assert 'value="aquagym"' not in html


def test_the_search_asks_the_slots_of_all_places_at_once(django_assert_max_num_queries: object) -> None:
    for number in range(4):
        a_town(f"commune-{number}")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        assert len(search(Wanted("id-card"))) == 4


def test_what_is_offered_says_how_many_persons_at_most() -> None:
    reason = a_town("valbruche")
    with scope.authority(reason.authority_id):
        Reason.objects.filter(id=reason.id).update(max_persons=6)
    assert [(one.code, one.max_persons) for one in offered()] == [("id-card", 6)]


def test_an_authority_shows_its_places_and_first_slots() -> None:
    reason = a_town("valbruche", phone="03 00 00 00 00")
    a_town("autre-rive")
    html = page("/valbruche/rendez-vous/")
    assert "Mairie de Valbruche" in html
    assert "Mairie de Autre Rive" not in html
    assert "Première place : aujourd’hui à 8 h 30" in html
    assert 'href="tel:0300000000"' in html
    assert f"motif={reason.id}" in html
    assert 'href="/rendez-vous/?pres=Valbruche"' in html


def test_an_authority_without_places_leads_to_the_others() -> None:
    an_authority("valbruche")
    assert "Pas encore de rendez-vous en ligne ici." in page("/valbruche/rendez-vous/")


def place_page(reason: Reason, **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in {"motif": str(reason.id), **query}.items())
    slug = Authority.objects.get(id=reason.authority_id).slug
    return page(f"/{slug}/rendez-vous/{reason.agenda.place_id}/?{asked}")


def test_a_place_shows_the_first_week_that_has_something() -> None:
    reason = a_town("valbruche")
    full_until(reason, MONDAY + timedelta(days=9))
    html = place_page(reason)
    assert "Semaine du 30 novembre au 6 décembre" in html
    assert "Mercredi 2 décembre" in html
    assert 'rel="prev"' not in html
    assert "semaine=2026-W50" in html
    later = place_page(reason, semaine="2026-W50")
    assert "Semaine du 7 au 13 décembre" in later
    assert 'rel="prev"' in later


@pytest.mark.parametrize("week", ["2026-W99", "demain", "", "9999-W52"])
def test_a_week_that_is_none_still_shows_slots(week: str) -> None:
    assert 'name="debut"' in place_page(a_town("valbruche"), semaine=week)


def test_a_place_asks_why_one_comes_when_there_are_several_reasons() -> None:
    reason = a_town("valbruche")
    a_reason(reason.agenda, "passport")
    html = page(f"/valbruche/rendez-vous/{reason.agenda.place_id}/")
    assert "Pour quoi venez-vous ?" in html
    assert 'name="debut"' not in html


def test_a_place_says_its_practical_facts() -> None:
    reason = a_town("valbruche", has_lift=True, phone="03 00 00 00 00")
    with scope.authority(reason.authority_id):
        Agenda.objects.filter(id=reason.agenda_id).update(intro="Venez avec une photo.")
    html = place_page(reason, personnes="2")
    for words_shown in ("1 place de la Mairie", "Accès sans marche", "03 00 00 00 00", "Venez avec une photo."):
        assert words_shown in html
    assert "pour 2 personnes, 40 minutes" in html
    assert 'name="personnes" value="2"' in html


def test_a_place_announces_its_closures() -> None:
    reason = a_town("valbruche")
    full_until(reason, MONDAY + timedelta(days=2))
    assert "Fermé du 23 au 24 novembre : Travaux." in place_page(reason)


def test_a_place_without_slots_says_when_the_next_come_out() -> None:
    reason = a_town("valbruche", horizon_days=7, wave_weekday=0, wave_hour=9)
    full_until(reason, MONDAY + timedelta(days=7))
    html = place_page(reason)
    assert "Tout est pris pour l’instant." in html
    assert "De nouvelles places sortent aujourd’hui à 9 h 00." in html
    assert "être prévenu" in html.lower()


def test_a_place_full_for_several_still_says_what_one_person_finds() -> None:
    reason = a_town("valbruche", hours="8:30-8:50")
    html = place_page(reason, personnes="2")
    assert "Il reste des places pour une personne seule." in html


def test_a_session_shows_the_seats_left() -> None:
    house = an_authority()
    place = a_place(house, "Bassin")
    agenda = an_agenda(place, desks=1, capacity=5, hours="18:00-19:00", name="Aquagym", collective=True)
    reason = a_reason(agenda, "aquagym", label="Aquagym")
    a_hold(reason, at(MONDAY, "18:00"), 2)
    assert "18 h 00 à 19 h 00 · 3 places" in place_page(reason)


def test_a_place_of_another_authority_is_not_here() -> None:
    reason = a_town("valbruche")
    an_authority("autre-rive")
    page(f"/autre-rive/rendez-vous/{reason.agenda.place_id}/", 404)


def test_the_nearest_slots_are_of_the_same_place_then_of_the_nearest_others() -> None:
    reason, near, far = a_town("valbruche"), a_town("autre-rive", 5), a_town("haute-combe", 20)
    a_booking(reason, at(MONDAY, "9:10"))
    found = nearest_slots(reason, 1, at(MONDAY, "9:10"), count=6)
    here = [one.slot.starts_at for one in found if one.km == 0]
    assert here == [at(MONDAY, hour) for hour in ("8:30", "8:50", "9:30", "9:50")]
    others = [one.slot.place_id for one in found if one.km]
    assert others == [near.agenda.place_id, far.agenda.place_id]


def test_a_near_place_full_for_weeks_comes_after_a_farther_one_with_room() -> None:
    reason, near, far = a_town("valbruche"), a_town("autre-rive", 5), a_town("haute-combe", 20)
    full_until(near, MONDAY + timedelta(days=14))
    others = [one.slot.place_id for one in nearest_slots(reason, 1, at(MONDAY, "9:10"), count=6) if one.km]
    assert others == [far.agenda.place_id, near.agenda.place_id]


def test_the_nearest_slots_of_a_full_place_are_elsewhere_or_none() -> None:
    reason = a_town("valbruche")
    full_until(reason, MONDAY + timedelta(days=90))
    assert nearest_slots(reason, 1, at(MONDAY, "9:10"), count=6) == []
    a_town("autre-rive", 5)
    assert [one.place.city for one in nearest_slots(reason, 1, at(MONDAY, "9:10"), count=6)] == ["Autre Rive"]
