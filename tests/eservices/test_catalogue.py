"""The catalogue: who runs an e-service, and when it begins and ends."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.http import Http404

from parvis.audit import facade as audit
from parvis.eservices import facade
from parvis.eservices.contracts import EServiceView
from parvis.eservices.models import EService, Theme
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from tests.world import an_authority

pytestmark = pytest.mark.django_db
NEW_YEAR, SUMMER = date(2027, 1, 1), date(2027, 7, 1)


def a_service(house: object, code: str = "location-salle", offered_from: date = NEW_YEAR) -> EServiceView:
    return facade.record_eservice(
        house.id,  # type: ignore[attr-defined]
        code=code,
        name="Louer une salle",
        offered_from=offered_from,
        theme="associations",
    )


def test_a_recorded_service_is_in_everybody_s_catalogue() -> None:
    house = an_authority("valbruche")
    actor = new_id()
    made = facade.record_eservice(
        house.id, code=" cantine ", name="Inscrire à la cantine", offered_from=NEW_YEAR, theme="family", actor_id=actor
    )
    assert (made.code, made.authority_slug, made.theme_label) == ("cantine", "valbruche", "Enfance, école, famille")
    assert facade.catalogue() == [made]
    assert facade.eservice(made.id) == made
    with scope.authority(house.id):
        [fact] = audit.facts([made.id])
    assert (fact.kind, fact.actor_id, fact.data["code"]) == ("eservice.recorded", actor, "cantine")


def test_the_catalogue_of_a_day_leaves_out_what_is_not_in_service() -> None:
    house = an_authority()
    first, later = a_service(house), a_service(house, "piscine", SUMMER)
    facade.end_eservice(first.id, date(2027, 6, 30))
    assert [one.id for one in facade.catalogue(on=date(2027, 6, 30))] == [first.id]
    assert [one.id for one in facade.catalogue(on=SUMMER)] == [later.id]
    assert [one.offered_on(SUMMER) for one in facade.catalogue()].count(True) == 1


def test_a_code_serves_once_in_an_authority_and_again_elsewhere() -> None:
    here, there = an_authority("ici"), an_authority("ailleurs")
    a_service(here)
    with pytest.raises(Refusal, match="porte déjà ce code"):
        a_service(here)
    assert a_service(there).authority_id == there.id


@pytest.mark.parametrize("code", ["", "Salle", "salle des fêtes", "-salle", "salle--1", "x" * 41])
def test_a_code_is_short_and_plain(code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        a_service(an_authority(), code)
    assert (refusal.value.code, refusal.value.field) == ("invalid", "code")


def test_a_service_ends_once_nobody_uses_it() -> None:
    runner, user = an_authority("meneuse"), an_authority("raccroche")
    service = a_service(runner)
    use = facade.record_use(service.id, user.id, NEW_YEAR)
    with pytest.raises(Refusal, match="Raccroche") as refusal:
        facade.end_eservice(service.id, SUMMER)
    assert refusal.value.code == "still_used"
    facade.end_use(use.id, SUMMER)
    assert facade.end_eservice(service.id, SUMMER).offered_until == SUMMER
    with pytest.raises(Refusal, match="précède le premier"):
        facade.end_eservice(a_service(runner, "autre").id, date(2026, 12, 31))


def test_an_unknown_service_is_said_so() -> None:
    with pytest.raises(Http404, match="catalogue"):
        facade.eservice(new_id())


def test_only_the_runner_writes_its_row() -> None:
    """Row security behind the services: in another's scope the row is read, and never changed."""
    here, there = an_authority("ici"), an_authority("ailleurs")
    service = a_service(here)
    with scope.authority(there.id):
        assert EService.objects.filter(id=service.id).update(name="À moi") == 0
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO eservices_eservice (id, authority_id, code, name, summary, theme, offered_from)"
                " VALUES (%s, %s, 'x', 'x', '', 'other', '2027-01-01')",
                [new_id(), here.id],
            )
    assert facade.eservice(service.id).name == "Louer une salle"


def test_the_themes_of_the_door_are_those_of_the_table() -> None:
    assert set(facade.Theme.__args__) == {one.value for one in Theme}  # type: ignore[attr-defined]
