"""The end of a sharing agreement: what the night notes, what the morning reminds, what is kept and printed."""

import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.pooling import tasks
from parvis.pooling.models import SharingAgreement
from parvis.pooling.selectors.agreements import versions_of
from parvis.pooling.services.agreement_pdf import agreement_pdf
from parvis.pooling.services.draft_amendment import draft_amendment
from parvis.pooling.services.end_agreements import end_agreements
from parvis.pooling.services.prepare_agreement import prepare_agreement
from parvis.pooling.services.remind_agreements import remind_agreements
from parvis.pooling.services.sign_agreement import sign_agreement
from tests.pooling.agreement_world import (
    END,
    SIGNED,
    Sides,
    again,
    at,
    letters,
    noticed,
    signed_agreement,
    two_sides,
    with_deliberations,
    with_people,
)

pytestmark = pytest.mark.django_db

LATER = date(2027, 3, 12)


@pytest.fixture
def sides() -> Sides:
    return with_people(two_sides())


def test_the_end_is_noted_once_on_its_day(sides: Sides) -> None:
    agreement = noticed(sides, signed_agreement(sides), LATER)
    with at(date(2027, 6, 12)), scope.authority(sides.whole.id):
        assert end_agreements() == 0
    with at(date(2027, 6, 13)), scope.authority(sides.whole.id):
        assert end_agreements() == 1
        assert end_agreements() == 0
    assert again(agreement).state == "ended"
    told = [one.to for one in letters(agreement) if "a pris fin" in one.title]
    assert sorted(told) == ["camille.coordinatrice@exemple.test", "remi.referent@exemple.test"]


def reminded_on(sides: Sides, day: date) -> int:
    with at(day), scope.authority(sides.whole.id):
        return remind_agreements()


def test_each_reminder_leaves_once_to_both_sides(sides: Sides) -> None:
    agreement = signed_agreement(sides)
    assert reminded_on(sides, date(2027, 12, 10)) == 0
    assert reminded_on(sides, date(2027, 12, 11)) == 1
    assert reminded_on(sides, date(2027, 12, 12)) == 0
    said = [one for one in letters(agreement) if "se reconduit le" in one.title]
    assert len(said) == 2
    assert all("1er janvier 2028" in one.title for one in said)
    assert reminded_on(sides, date(2030, 12, 2)) == 1, "three were due: only the latest is sent"
    last = [one for one in letters(agreement) if "finit le" in one.title]
    assert len(last) == 2
    assert "préparez dès maintenant la convention suivante" in last[0].text
    assert reminded_on(sides, date(2030, 12, 31)) == 0


def test_after_a_notice_only_what_is_still_to_come_is_reminded(sides: Sides) -> None:
    agreement = noticed(sides, signed_agreement(sides), LATER)
    assert reminded_on(sides, LATER) == 0
    assert reminded_on(sides, date(2027, 5, 11)) == 0
    assert reminded_on(sides, date(2027, 5, 12)) == 1
    last = letters(agreement)[-1]
    assert "12 juin 2027" in last.title
    assert "préparez" not in last.text


def test_what_is_followed_by_another_is_not_announced_as_an_end(sides: Sides) -> None:
    first = signed_agreement(sides)
    with at(date(2030, 2, 1)), scope.authority(sides.whole.id):
        second = prepare_agreement(sides.commune.id)
    with_deliberations(sides, second, date(2030, 3, 1))
    with at(date(2030, 4, 1)), scope.authority(sides.whole.id):
        sign_agreement(second.id, signed_on=date(2030, 4, 1), starts_on=END)
    assert reminded_on(sides, date(2030, 12, 5)) == 0
    assert not [one for one in letters(first) if "finit le" in one.title]


def test_each_verb_leaves_its_fact(sides: Sides) -> None:
    agreement = noticed(sides, signed_agreement(sides), LATER)
    with scope.authority(sides.whole.id):
        kinds = [one.kind for one in audit.facts([agreement.id])]
    assert kinds == [
        "agreement.prepared", "agreement.paper_attached", "agreement.paper_attached", "agreement.signed",
        "agreement.notice_given",
    ]  # fmt: skip


def test_the_database_refuses_days_already_covered(sides: Sides) -> None:
    signed = signed_agreement(sides)
    copy = SharingAgreement(
        authority_id=sides.whole.id, number="C-2", commune_id=sides.commune.id, circle_id=signed.id, state="running",
        signed_on=SIGNED, starts_on=date(2030, 12, 31), ends_on=date(2031, 12, 31),
    )  # fmt: skip
    with scope.authority(sides.whole.id), pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        copy.save()


def test_the_night_ends_and_the_morning_reminds(sides: Sides) -> None:
    agreement = noticed(sides, signed_agreement(sides), LATER)
    with at(date(2027, 5, 12)):
        tasks.remind_of_agreements(timestamp=0)
    assert "finit le" in letters(agreement)[-1].title
    with at(date(2027, 6, 13)):
        tasks.note_ends(timestamp=0)
    assert again(agreement).state == "ended"


def test_the_printed_agreement_says_all_that_is_signed(sides: Sides) -> None:
    agreement = signed_agreement(sides)
    with at(LATER), scope.authority(sides.whole.id):
        present = versions_of(agreement).present
        printed = PdfReader(io.BytesIO(agreement_pdf(agreement, present)))
        terms = {**present.terms, "annex": present.terms["annex"][1:]}
        drafted = draft_amendment(agreement.id, subject="Moins de fonctions", terms=terms)
        amendment = PdfReader(io.BytesIO(agreement_pdf(agreement, drafted)))
    text = " ".join(" ".join(page.extract_text() for page in printed.pages).split())
    for said in (
        "CMD-2026-001", "Grande Vallée", "Illzach", "D-2026-118", "2026/41", "1er janvier 2027", "31 décembre 2030",
        "gratuit", "Article 12. Désaccord", "Annexe technique", "Nom, qualité, signature",
    ):  # fmt: skip
        assert said in text
    text = " ".join(" ".join(page.extract_text() for page in amendment.pages).split())
    for said in ("Avenant n° 1", "Moins de fonctions", "Supprimé", "projet, non signé"):
        assert said in text
    assert "D-2026-118" not in text, "an amendment has deliberations of its own"
