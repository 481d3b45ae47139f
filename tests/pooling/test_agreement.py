"""A sharing agreement from its draft to its end: what each verb asks, what it changes, whom it tells."""

import pytest

from parvis.authorities.facade import authority
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import SharingAgreement
from parvis.pooling.services.sign_agreement import sign_agreement
from tests.pooling.agreement_world import (
    END,
    SIGNED,
    STARTS,
    a_draft,
    at,
    signed_agreement,
    two_sides,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_a_draft_is_free_numbered_and_read_by_its_commune() -> None:
    sides = two_sides()
    draft = a_draft(sides)
    assert (draft.number, draft.amount_cents, draft.state) == ("CMD-2026-001", 0, "draft")
    with scope.authority(sides.commune.id):
        seen = SharingAgreement.objects.get()
        assert seen.versions.get().terms["articles"]


def test_signing_needs_both_deliberations_with_their_files() -> None:
    sides = two_sides()
    draft = a_draft(sides)
    with at(SIGNED), scope.authority(sides.whole.id), pytest.raises(Refusal, match="commune") as refused:
        sign_agreement(draft.id, signed_on=SIGNED, starts_on=STARTS)
    assert refused.value.code == "no_deliberation"


def test_signing_sets_the_dates_and_opens_the_access() -> None:
    sides = two_sides()
    signed = signed_agreement(sides)
    assert (signed.state, signed.starts_on, signed.ends_on) == ("running", STARTS, END)
    house = authority(sides.commune.id)
    assert (house.procurement_from, house.procurement_until) == (STARTS, END)
