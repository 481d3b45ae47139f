"""The demo's data: real communes, invented people, purchases that hold together."""

import re
from collections import Counter
from pathlib import Path

import pytest
from stdnum.fr import siren, siret

from parvis.authorities.facade import Role
from parvis.procurement.rules import cpv_error, procedures, weights_error
from parvis.site.demo import cast
from parvis.site.demo.cast import Seat
from parvis.site.demo.catalogue import Sample, Stage, samples
from parvis.site.demo.numbers import company_siret, town_hall_siret, with_key
from parvis.site.demo.places import agglomerations, places

WORDS = Path(__file__).resolve().parents[2] / "frontend" / "src" / "words.ts"
COMMUNES = {"m2a": 39, "dijon": 23}


def test_the_two_agglomerations_are_offered() -> None:
    assert agglomerations() == sorted(COMMUNES)


@pytest.mark.parametrize("name", COMMUNES)
def test_places_are_whole(name: str) -> None:
    found = places(name)
    assert [one.kind for one in found] == ["agglomeration"] + ["commune"] * COMMUNES[name]
    for field in ("slug", "name", "siren", "accent"):
        assert max(Counter(getattr(one, field) for one in found).values()) == 1
    for one in found:
        assert siren.is_valid(one.siren)
        assert siret.is_valid(town_hall_siret(one.siren))
        assert re.fullmatch(r"#[0-9a-f]{6}", one.accent)
        assert one.population > 0
        assert len(one.postcode) == 5
    assert sum(one.population for one in found[1:]) == found[0].population


@pytest.mark.parametrize(("digits", "whole"), [("73282932", "732829320"), ("7328293200007", "73282932000074")])
def test_the_key_is_that_of_luhn(digits: str, whole: str) -> None:
    assert with_key(digits) == whole


def test_companies_have_numbers_that_no_real_one_has() -> None:
    numbers = [company_siret(firm.rank) for firm in cast.FIRMS]
    assert len(set(numbers)) == len(numbers)
    assert all(siret.is_valid(number) and number.startswith("000") for number in numbers)


def test_everybody_is_once_in_the_cast_and_every_role_is_held() -> None:
    employees = [one.name for firm in cast.FIRMS for one in firm.people]
    names = [*(agent.name for agent in cast.AGENTS), *employees, cast.CITIZEN.name]
    assert len(set(names)) == len(names)
    assert {role for agent in cast.AGENTS for _seat, role in agent.hats} == set(Role)
    assert {firm.domain.rpartition(".")[2] for firm in cast.FIRMS} == {"example"}


def test_phrases_are_words_that_the_page_draws() -> None:
    known = set(re.findall(r"\b[a-z]{4,8}\b", WORDS.read_text(encoding="utf-8").partition("`")[2]))
    holders = {Role.BOARD_CHAIR, Role.BOARD_DELEGATE, Role.BOARD_MEMBER}
    for agent in cast.AGENTS:
        words = agent.phrase.split()
        assert bool(words) == any(role in holders for _seat, role in agent.hats)
        assert not words or (len(words) == 6 and set(words) <= known)


def test_a_city_and_a_village_have_every_stage() -> None:
    found = Counter((one.seat, one.stage) for one in samples())
    assert all(found[seat, stage] == 1 for seat in (Seat.CITY, Seat.VILLAGE) for stage in Stage)


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one.title)
def test_a_sample_is_coherent(sample: Sample) -> None:
    if sample.stage is Stage.INCOMPLETE:
        assert not sample.cpv
        return
    assert cpv_error(sample.cpv) is None
    assert weights_error([percent * 100 for _label, percent in sample.criteria]) is None
    assert sample.procedure in {one.code for one in procedures()}
    assert not sample.lots or sum(lot.euros for lot in sample.lots) == sample.euros
    assert bool(sample.bids) == (sample.stage in {Stage.WAITING, Stage.OPENED})
    assert all(set(bid.lots) <= set(range(1, len(sample.lots) + 1)) for bid in sample.bids)
