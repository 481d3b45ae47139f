"""Who offers which e-service to its citizens, from when, until when: what the shares are counted from."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from parvis.audit import facade as audit
from parvis.authorities.models import Authority
from parvis.eservices import facade
from parvis.eservices.models import EServiceUse
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from tests.eservices.test_catalogue import NEW_YEAR, SUMMER, a_service
from tests.world import an_authority

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def houses() -> tuple[Authority, Authority, Authority]:
    return an_authority("agglo"), an_authority("illbach"), an_authority("lutterwald")


def test_one_order_records_the_uses_of_all_its_members(houses: tuple[Authority, ...]) -> None:
    """From the scope of the member that orders, each row goes to the authority that will use."""
    runner, orders, joins = houses
    service, order, actor = a_service(runner), new_id(), new_id()
    with scope.authority(orders.id):
        for house in (orders, joins):
            facade.record_use(service.id, house.id, SUMMER, order, actor_id=actor)
        assert scope.current_authority() == orders.id
    found = facade.uses([orders.id, joins.id])
    assert [(one.authority_name, one.own, one.order_id) for one in found] == [
        ("Illbach", False, order),
        ("Lutterwald", False, order),
    ]
    for use in found:
        with scope.authority(use.authority_id):
            [fact] = audit.facts([use.id])
            assert EServiceUse.objects.get(id=use.id).authority_id == use.authority_id
        assert (fact.kind, fact.actor_id, fact.data["order"]) == ("eservice.used", actor, str(order))


def test_the_runner_s_own_use_is_said_to_be_its_own(houses: tuple[Authority, ...]) -> None:
    service = a_service(houses[0])
    assert facade.uses() == [], "to run a service is not yet to offer it"
    assert facade.record_use(service.id, houses[0].id, NEW_YEAR).own


def test_the_count_of_a_day_takes_both_ends_of_each_use(houses: tuple[Authority, ...]) -> None:
    runner, user, nobody = houses
    first, second = a_service(runner, "salle"), a_service(runner, "piscine")
    use = facade.record_use(first.id, user.id, SUMMER)
    facade.end_use(use.id, SUMMER + DAY)
    facade.record_use(second.id, user.id, SUMMER + DAY)
    facade.record_use(second.id, runner.id, NEW_YEAR)
    counts = [facade.count_on(SUMMER + n * DAY).get(user.id, 0) for n in (-1, 0, 1, 2)]
    assert counts == [0, 1, 2, 1]
    assert facade.count_on(SUMMER) == {user.id: 1, runner.id: 1}
    assert facade.count_on(SUMMER, [nobody.id]) == {}


def test_no_authority_offers_a_service_twice_at_a_time(houses: tuple[Authority, ...]) -> None:
    runner, user, other = houses
    service = a_service(runner)
    use = facade.record_use(service.id, user.id, NEW_YEAR)
    with pytest.raises(Refusal, match="offre déjà ce téléservice") as refusal:
        facade.record_use(service.id, user.id, SUMMER)
    assert refusal.value.code == "invalid"
    facade.end_use(use.id, SUMMER - DAY)
    again = facade.record_use(service.id, user.id, SUMMER)
    facade.record_use(service.id, other.id, NEW_YEAR)
    with pytest.raises(Refusal, match="offre déjà"):
        facade.end_use(use.id, SUMMER)
    assert [one.id for one in facade.uses([user.id])] == [use.id, again.id]


def test_the_database_itself_refuses_an_overlap(houses: tuple[Authority, ...]) -> None:
    """Behind the service: of two written at the same instant, one is refused."""
    service = a_service(houses[0])
    facade.record_use(service.id, houses[1].id, NEW_YEAR)
    overlap = "one_use_of_an_eservice_at_a_time"
    with scope.authority(houses[1].id), pytest.raises(IntegrityError, match=overlap), transaction.atomic():
        EServiceUse.objects.create(service_id=service.id, from_on=SUMMER)


def test_nobody_offers_what_is_not_in_service(houses: tuple[Authority, ...]) -> None:
    runner, user, _ = houses
    service = a_service(runner, offered_from=SUMMER)
    with pytest.raises(Refusal, match="n’est en service qu’à partir du jeudi 1er juillet 2027") as refusal:
        facade.record_use(service.id, user.id, SUMMER - DAY)
    assert (refusal.value.code, refusal.value.field) == ("not_offered", "from_on")
    facade.end_eservice(service.id, SUMMER + DAY)
    use = facade.record_use(service.id, user.id, SUMMER)
    assert use.until_on == SUMMER + DAY, "a use ends with its service"
    with pytest.raises(Refusal, match="n’est plus en service"):
        facade.record_use(service.id, user.id, SUMMER + 2 * DAY)
    with pytest.raises(Refusal, match="s’arrête le"):
        facade.end_use(use.id, SUMMER + 2 * DAY)


def test_a_use_does_not_end_before_it_begins(houses: tuple[Authority, ...]) -> None:
    use = facade.record_use(a_service(houses[0]).id, houses[1].id, SUMMER)
    with pytest.raises(Refusal, match="ne peut pas le précéder"):
        facade.end_use(use.id, SUMMER - DAY)
    ended = facade.end_use(use.id, SUMMER)
    assert (ended.used_on(SUMMER), ended.used_on(SUMMER + DAY)) == (True, False)
    with scope.authority(houses[1].id):
        assert [fact.kind for fact in audit.facts([use.id])] == ["eservice.used", "eservice.use_ended"]
