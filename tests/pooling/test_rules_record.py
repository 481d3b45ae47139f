"""What is kept of a split: only what it needs, the same for ever, and refused once altered."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parvis.pooling.rules import (
    Cost,
    Member,
    Population,
    Presence,
    RecordAltered,
    Service,
    UnknownEngine,
    Use,
    explain,
    from_record,
    record,
    replay,
    split,
)
from parvis.sealing.canonical import canonical_hash
from tests.pooling.books import ACQUISITION, BASE, ILLZACH, LUTTERBACH, M2A, MULHOUSE, RIEDISHEIM, the_book

VECTORS = Path(__file__).parents[1] / "vectors"
KEPT = VECTORS / "pooling-records.json"
# Costs that name who joined their project came a few hours later.
KEPT_PROJECTS = VECTORS / "pooling-project-records.json"


def late_book() -> Any:
    """Illzach joins on 1 April, Mulhouse drops an e-service on 1 October."""
    book = the_book()
    joins, drops = date(2026, 4, 1), date(2026, 10, 1)
    dropped = MULHOUSE, "s09"
    return replace(
        book,
        presences=tuple(replace(one, from_on=joins) if one.siren == ILLZACH else one for one in book.presences),
        uses=tuple(replace(one, until_on=drops) if (one.siren, one.service) == dropped else one for one in book.uses),
    )


SAUSHEIM = "216803007"


def with_newcomer(book: Any) -> Any:
    """Sausheim is a member from 1 July, without any e-service."""
    return replace(
        book,
        members=(*book.members, Member(SAUSHEIM, "Sausheim")),
        presences=(*book.presences, Presence(SAUSHEIM, date(2026, 7, 1))),
        populations=(*book.populations, Population(SAUSHEIM, "totale", 2022, 5_500)),
    )


CASES = {
    "base": (late_book(), BASE),
    "maintenance": (the_book(), replace(ACQUISITION, vat_cents=147_001)),
    "direct": (the_book(), replace(BASE, vat_way="direct", ht_cents=-12_345)),
    "single": (the_book(), replace(BASE, key="own", payer=LUTTERBACH)),
}
PROJECT = replace(ACQUISITION, id="project", label="Carte de pêche", service=None, users=(ILLZACH, SAUSHEIM, MULHOUSE))
PROJECTS = {
    "by population": (with_newcomer(late_book()), PROJECT),
    "weighted": (with_newcomer(late_book()), replace(PROJECT, key="shared")),
}


@pytest.mark.parametrize("name", CASES)
def test_replayed_through_json(name: str) -> None:
    book, cost = CASES[name]
    again = replay(json.loads(json.dumps(record(book, cost))))
    assert again == split(book, cost)


@pytest.mark.parametrize("name", CASES)
def test_records_of_the_first_engine_still_give_the_same(name: str) -> None:
    """Written on 22 November 2026 and never rewritten: a statement of that day is computed alike for ever."""
    kept = json.loads(KEPT.read_text())[name]
    book, cost = CASES[name]
    assert replay(kept) == split(book, cost)
    assert kept["engine"] == "parvis.shares/1"


@pytest.mark.parametrize("name", PROJECTS)
def test_records_of_projects_still_give_the_same(name: str) -> None:
    """Who joined is kept too, whatever it offers and whenever it came."""
    kept = json.loads(KEPT_PROJECTS.read_text())[name]
    book, cost = PROJECTS[name]
    assert replay(kept) == split(book, cost)
    assert record(book, cost) == kept
    assert kept["cost"]["users"] == sorted(cost.users)
    assert SAUSHEIM in kept["result"]["shares"]


def test_a_cost_without_project_is_kept_as_before() -> None:
    book, cost = CASES["base"]
    assert record(book, cost) == json.loads(KEPT.read_text())["base"]


def test_a_record_of_a_project_explains_itself() -> None:
    """Also to who was a member and did not join."""
    book, cost = PROJECTS["weighted"]
    old_book, _ = from_record(record(book, cost))
    for siren in (SAUSHEIM, RIEDISHEIM):
        assert explain(old_book, split(old_book, cost), siren) == explain(book, split(book, cost), siren)


def test_a_record_explains_itself() -> None:
    """The explanation years later is that of the day, for who paid and for who did not."""
    book, cost = CASES["maintenance"]
    old_book, _ = from_record(record(book, cost))
    for siren in (ILLZACH, RIEDISHEIM):
        assert explain(old_book, split(old_book, cost), siren) == explain(book, split(book, cost), siren)


def test_only_what_the_cost_needs_is_kept() -> None:
    kept = record(*CASES["single"])
    assert kept["members"] == {M2A: "m2A", LUTTERBACH: "Lutterbach"}
    assert (kept["presences"], kept["uses"], kept["populations"], kept["services"]) == ([], [], [], {})
    kept = record(*CASES["maintenance"])
    assert [use[:2] for use in kept["uses"]] == [["s01", ILLZACH], ["s01", LUTTERBACH], ["s01", MULHOUSE]]
    assert [one[0] for one in kept["populations"]] == [ILLZACH, LUTTERBACH, MULHOUSE]
    assert list(kept["services"]) == ["s01"]
    assert [key["code"] for key in kept["keys"]] == ["users"]


def test_facts_of_other_days_change_no_record() -> None:
    """What happens in 2027, and what a cost does not read, leaves the record of 2026 as it was."""
    book, cost = CASES["base"]
    later = date(2027, 6, 1)
    after = replace(
        book,
        members=(*book.members, Member("999999999", "Autre")),
        presences=(*(replace(one, until_on=later) for one in book.presences), Presence("999999999", later)),
        uses=(*book.uses, Use("s01", RIEDISHEIM, later)),
        services=(*book.services, Service("x", "Autre")),
        populations=(*book.populations, Population(M2A, "totale", 2024, 1), Population(M2A, "municipale", 2022, 1)),
        keys=(*book.keys, replace(book.keys[0], version=2, from_on=later, formula="product")),
    )
    assert record(after, cost) == record(book, cost)


def test_the_result_is_readable_without_the_engine() -> None:
    kept = record(*CASES["maintenance"])
    assert kept["result"]["shares"][LUTTERBACH] == "979/18330"
    assert kept["result"]["ht"][LUTTERBACH] == 39_256
    assert kept["result"]["slices"][0]["days"] == ["2026-01-01", "2027-01-01", 365]
    assert kept["digest"] == canonical_hash({name: value for name, value in kept.items() if name != "digest"})


def altered(change: Any) -> dict[str, Any]:
    kept = copy.deepcopy(record(*CASES["base"]))
    change(kept)
    return kept


def resealed(change: Any) -> dict[str, Any]:
    """Altered by someone who computes the digest again."""
    kept = altered(change)
    kept["digest"] = canonical_hash({name: value for name, value in kept.items() if name != "digest"})
    return kept


def more_people(kept: dict[str, Any]) -> None:
    kept["populations"][0][3] += 1


def another_amount(kept: dict[str, Any]) -> None:
    kept["result"]["ht"][M2A] -= 1
    kept["result"]["ht"][MULHOUSE] += 1


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(altered(more_people), id="population"),
        pytest.param(altered(another_amount), id="amount"),
        pytest.param(altered(lambda kept: kept["cost"].update(ht_cents=1)), id="cost"),
        pytest.param(altered(lambda kept: kept.update(more=1)), id="one more entry"),
        pytest.param(altered(lambda kept: kept.pop("digest")), id="no digest"),
        pytest.param(altered(lambda kept: kept["cost"].update(ht_cents=1.5)), id="no whole number"),
        pytest.param(resealed(more_people), id="population, sealed again"),
        pytest.param(resealed(another_amount), id="amount, sealed again"),
        pytest.param(resealed(lambda kept: kept.pop("keys")), id="no key, sealed again"),
        pytest.param(resealed(lambda kept: kept["presences"].clear()), id="nobody, sealed again"),
        pytest.param(resealed(lambda kept: kept.update(members=[])), id="members spoilt, sealed again"),
        pytest.param(resealed(lambda kept: kept.pop("result")), id="no result, sealed again"),
        pytest.param(resealed(lambda kept: kept["cost"].pop("id")), id="unreadable, sealed again"),
    ],
)
def test_an_altered_record_is_refused(kept: dict[str, Any]) -> None:
    with pytest.raises(RecordAltered) as found:
        replay(kept)
    assert found.value.code == "record_altered"
    assert found.value.why


def test_an_engine_of_tomorrow_is_refused() -> None:
    with pytest.raises(UnknownEngine) as found:
        replay(resealed(lambda kept: kept.update(engine="parvis.shares/2")))
    assert found.value.engine == "parvis.shares/2"


def test_a_cost_without_answer_has_no_record() -> None:
    cost: Cost = replace(BASE, key="?")
    with pytest.raises(Exception, match="n’est pas en vigueur"):
        record(the_book(), cost)
