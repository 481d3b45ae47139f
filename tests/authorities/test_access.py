"""The sharing agreement's dates open and close a commune's tool of procurement, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from parvis.accounts.models import Person
from parvis.audit.models import Fact
from parvis.authorities.actor import Actor
from parvis.authorities.facade import access_notice, require_procurement, set_procurement_access
from parvis.authorities.rules import CLOSED_WITH_AGREEMENT, PREROGATIVES, Role, procurement_access
from parvis.authorities.selectors import authority_by_slug, hats_of
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.world import a_person, an_agent, an_authority, signed_in

FIRST, END = date(2026, 3, 2), date(2026, 12, 1)
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "from_on", "until_on", "day", "state"),
    [
        ("commune", None, None, FIRST, "no_agreement"),
        ("commune", None, END, FIRST, "no_agreement"),
        ("commune", FIRST, None, FIRST - ONE, "not_yet"),
        ("commune", FIRST, None, FIRST, "open"),
        ("commune", FIRST, END, END - ONE, "open"),
        ("commune", FIRST, END, END, "ended"),
        ("commune", FIRST, None, date(2099, 1, 1), "open"),
        ("commune", FIRST, FIRST, FIRST, "ended"),
        ("syndicat", None, None, FIRST, "no_agreement"),
        ("agglomeration", None, None, FIRST, "open"),
        ("agglomeration", FIRST, END, END, "open"),
    ],
)  # fmt: skip
def test_the_rule_is_half_open_and_fails_closed(
    kind: str, from_on: date | None, until_on: date | None, day: date, state: str
) -> None:
    assert procurement_access(kind, from_on, until_on, day) == state


def test_what_closes_is_declared_and_begins_something() -> None:
    assert set(PREROGATIVES) >= CLOSED_WITH_AGREEMENT
    kept = {"consultation.read", "consultation.pursue", "registers.read", "keys.hold", "opening.preside", "bids.read"}
    assert not kept & CLOSED_WITH_AGREEMENT


def _acting(person: Person) -> Actor:
    [hat] = hats_of(person.id)
    return Actor(person.id, person.full_name, person.email, hat, (hat,), None, (), second_factor=True)


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_closed_access_takes_these_permissions_and_no_other(role: Role) -> None:
    house = an_authority(procurement_from=FIRST, procurement_until=END)
    agent = an_agent(house, role.value)
    with clock.frozen_at(datetime(2026, 11, 30, 22, 59, tzinfo=UTC)):
        before = {name for name in PREROGATIVES if _acting(agent).may(name, house.id)}
    with clock.frozen_at(datetime(2026, 11, 30, 23, 0, tzinfo=UTC)):
        actor = _acting(agent)
        after = {name for name in PREROGATIVES if actor.may(name, house.id)}
        would = {name for name in PREROGATIVES if actor.would(name, house.id)}
    assert before == would == {name for name, roles in PREROGATIVES.items() if role in roles}
    assert after == before - CLOSED_WITH_AGREEMENT, "from midnight in Paris"


@pytest.mark.django_db
def test_reading_the_hats_asks_nothing_more_of_the_database(django_assert_num_queries: Any) -> None:
    person = a_person()
    for slug in ("valbruche", "montclair"):
        an_agent(an_authority(slug), "buyer", person.full_name)
    with django_assert_num_queries(1):
        assert [hat.procurement_open for hat in hats_of(person.id)] == [True, True]


@pytest.mark.django_db
def test_a_new_commune_is_closed_until_its_agreement_and_the_fact_is_its_own() -> None:
    house = an_authority(procurement_from=None)
    with scope.authority(house.id), pytest.raises(Refusal, match="pas encore ouvert") as caught:
        require_procurement()
    assert caught.value.code == "procurement_closed"
    today = clock.now().astimezone(clock.PARIS).date()
    set_procurement_access(house.id, today, None, actor_id=None)
    with scope.authority(house.id):
        require_procurement()
        fact = Fact.objects.get()
    assert (fact.kind, fact.data) == ("authority.procurement_access", {"from": today.isoformat(), "until": None})
    with pytest.raises(IntegrityError):
        set_procurement_access(house.id, today, today - ONE, actor_id=None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("from_in", "until_in", "state", "words"),
    [
        (-100, None, None, ""),
        (-100, 61, None, ""),
        (-100, 60, "open", "passe en lecture seule le mardi 1er décembre 2026"),
        (-100, 1, "open", "passe en lecture seule le"),
        (-100, 0, "ended", "en lecture seule depuis le vendredi 2 octobre 2026"),
        (1, None, "not_yet", "s’ouvre le samedi 3 octobre 2026"),
        (None, None, "no_agreement", "pas encore ouvert pour Valbruche"),
    ],
)
def test_agents_are_told_of_a_closed_access_and_of_a_near_end(
    from_in: int | None, until_in: int | None, state: str | None, words: str
) -> None:
    day = date(2026, 10, 2)
    an_authority("grande-vallee", kind="agglomeration", desk_name="Service des achats", desk_contact="03 00 00 00 00")
    an_authority(
        procurement_from=None if from_in is None else day + from_in * ONE,
        procurement_until=None if until_in is None else day + until_in * ONE,
    )
    house = authority_by_slug("valbruche")
    assert house is not None
    with clock.frozen_at(datetime(2026, 10, 2, 8, tzinfo=UTC)):
        notice = access_notice(house)
    assert (notice.state if notice else None) == state
    if notice:
        assert words in notice.title
        assert "Service des achats de Grande Vallee (03 00 00 00 00)" in notice.ask
        assert notice.closed == (state != "open")


@pytest.mark.django_db
def test_the_agglomeration_is_told_nothing_whatever_its_dates() -> None:
    an_authority("grande-vallee", kind="agglomeration", procurement_from=FIRST, procurement_until=FIRST + ONE)
    house = authority_by_slug("grande-vallee")
    assert house is not None
    assert access_notice(house) is None


@pytest.mark.django_db
def test_the_operator_reads_where_each_authority_stands() -> None:
    whole = an_authority("grande-vallee", kind="agglomeration", procurement_from=None)
    today = clock.now().astimezone(clock.PARIS).date()
    an_authority("ferme", procurement_from=None)
    an_authority("ouvert", procurement_until=today + ONE)
    an_authority("fini", procurement_until=today)
    an_authority("futur", procurement_from=today + ONE)
    operator = signed_in(an_agent(whole, "operator"), whole, "operator")
    page = operator.get("/exploitation/").content.decode()
    rows = {row.split("</a>")[0].rpartition(">")[2]: row for row in page.split("<tr>")}
    assert "Fermé\u202f: aucune convention en vigueur" in rows["Ferme"]
    assert "Ouvert jusqu’au" in rows["Ouvert"]
    assert "En lecture seule depuis le" in rows["Fini"]
    assert "Ouvre le" in rows["Futur"]
    assert ">Ouvert<" in rows["Grande Vallee"]
    assert "tant que sa convention" in operator.get("/exploitation/collectivites/nouvelle/").content.decode()
    assert "fermé\u202f: aucune convention" in operator.get("/exploitation/collectivites/ferme/").content.decode()
    assert "l’est toujours" in operator.get("/exploitation/collectivites/grande-vallee/").content.decode()
