"""The usual keys of a group that starts, and what each of them shares."""

from fractions import Fraction

import pytest

from parvis.audit.facade import facts
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostKey
from parvis.pooling.rules.key_terms import KeyTerms
from parvis.pooling.rules.kinds import KINDS
from parvis.pooling.selectors.key_versions import terms_of
from parvis.pooling.services.ensure_default_keys import ensure_default_keys
from tests.pooling.cost_world import ACTOR
from tests.pooling.group_world import START as STARTED_ON
from tests.pooling.group_world import started
from tests.pooling.pooling_world import START, a_group, houses

pytestmark = pytest.mark.django_db


def test_a_group_that_starts_has_its_keys() -> None:
    whole, _commune = houses(2)
    group = started(whole)
    with scope.authority(whole.id):
        keys = {one.code: one for one in CostKey.objects.filter(group=group)}
        kinds = [one.kind for one in facts([group.id])]
    assert set(keys) == {one.key for one in KINDS.values()}
    assert {one.in_force_on for one in keys.values()} == {STARTED_ON}
    assert {one.version for one in keys.values()} == {1}
    assert (keys["shared"].formula, terms_of(keys["shared"]).weight) == ("weighted", Fraction(1, 2))
    assert (keys["users"].formula, keys["users"].reference_year) == ("population", whole.population_year)
    assert (keys["own"].payer_id, keys["agglomeration"].payer_id) == (None, whole.id)
    assert kinds.count("key.versioned") == 4


def test_only_the_missing_keys_are_made() -> None:
    circle = a_group()
    with scope.authority(circle.coordinator.id):
        made = ensure_default_keys(circle.group, ACTOR)
        assert [one.code for one in made] == ["own", "agglomeration"]
        assert {(one.in_force_on, one.reference_year) for one in made} == {(START, 2022)}
        assert ensure_default_keys(circle.group, ACTOR) == []


def test_a_member_makes_no_key() -> None:
    circle = a_group()
    with scope.authority(circle.member.id), pytest.raises(Refusal) as found:
        ensure_default_keys(circle.group)
    assert found.value.code == "not_coordinator"


def test_terms_are_those_of_the_rules() -> None:
    assert KeyTerms("Clé", "weighted", 2022).reads_population
    assert not KeyTerms("Clé", "single_payer", 2022).reads_population
