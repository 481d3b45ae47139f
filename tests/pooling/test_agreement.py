"""A sharing agreement from its draft to its end: what each verb asks, what it changes, whom it tells."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import Paper, PaperKind, SharingAgreement
from parvis.pooling.selectors.agreements import agreement_to_show, agreements_of, versions_of
from parvis.pooling.services.amend_agreement import amend_agreement
from parvis.pooling.services.discard_agreement import discard_agreement
from parvis.pooling.services.draft_amendment import draft_amendment, drop_amendment
from parvis.pooling.services.end_agreements import end_agreements
from parvis.pooling.services.give_notice import give_notice
from parvis.pooling.services.prepare_agreement import prepare_agreement
from parvis.pooling.services.save_agreement import save_agreement
from parvis.pooling.services.sign_agreement import sign_agreement
from parvis.pooling.services.terminate_agreement import terminate_agreement
from tests.pooling.agreement_world import (
    END,
    PREPARED,
    SIGNED,
    STARTS,
    Sides,
    a_draft,
    a_file,
    again,
    at,
    bring,
    letters,
    noticed,
    signed_agreement,
    two_sides,
    with_deliberations,
    with_people,
)
from tests.world import an_authority

pytestmark = pytest.mark.django_db

LATER = date(2027, 3, 12)


@pytest.fixture
def sides() -> Sides:
    return with_people(two_sides())


def refused(verb: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(Refusal) as found:
        verb(*arguments, **options)
    return found.value.code


def test_a_draft_is_free_numbered_and_read_by_its_commune(sides: Sides) -> None:
    draft = a_draft(sides)
    assert (draft.number, draft.amount_cents, draft.state) == ("CMD-2026-001", 0, "draft")
    with scope.authority(sides.commune.id):
        assert SharingAgreement.objects.get().versions.get().terms["articles"]
    with scope.authority(an_authority("autre-rive").id):
        assert not SharingAgreement.objects.exists()


def test_only_the_agglomeration_prepares_with_a_commune_and_one_at_a_time(sides: Sides) -> None:
    with scope.authority(sides.commune.id):
        assert refused(prepare_agreement, sides.whole.id) == "not_the_agglomeration"
    with scope.authority(sides.whole.id):
        assert refused(prepare_agreement, sides.whole.id) == "not_a_commune"
    a_draft(sides)
    with scope.authority(sides.whole.id):
        assert refused(prepare_agreement, sides.commune.id) == "being_prepared"


def test_no_amount_is_ever_written_on_an_agreement(sides: Sides) -> None:
    draft = a_draft(sides)
    with (
        scope.authority(sides.whole.id),
        pytest.raises(IntegrityError, match="sharing_agreement_is_free"),
        transaction.atomic(),
    ):
        SharingAgreement.objects.filter(id=draft.id).update(amount_cents=1)


def test_a_draft_is_changed_then_no_more_once_signed(sides: Sides) -> None:
    draft = a_draft(sides)
    terms = {"articles": [{"title": "Objet", "text": "Court."}], "annex": []}
    with scope.authority(sides.whole.id):
        save_agreement(draft.id, number="C-1", starts_on=STARTS, terms=terms)
        assert draft.versions.get().terms == terms
        assert again(draft).number == "C-1"
    with_deliberations(sides, draft)
    with at(SIGNED), scope.authority(sides.whole.id):
        sign_agreement(draft.id, signed_on=SIGNED, starts_on=STARTS)
        assert refused(save_agreement, draft.id, number="C-2", starts_on=STARTS, terms=terms) == "wrong_state"


def test_a_number_is_borne_once(sides: Sides) -> None:
    a_draft(sides)
    other = an_authority("lutterbach", procurement_from=None)
    with at(PREPARED), scope.authority(sides.whole.id):
        assert refused(prepare_agreement, other.id, number="CMD-2026-001") == "invalid"
        assert prepare_agreement(other.id).number == "CMD-2026-002"


def test_each_side_brings_its_deliberation_and_no_other(sides: Sides) -> None:
    draft = a_draft(sides)
    commune, whole = sides.commune.id, sides.whole.id
    with at(SIGNED):
        assert refused(bring, commune, draft.id, PaperKind.DELIBERATION, "D", SIGNED) == "not_now"
        assert refused(bring, commune, draft.id, PaperKind.SIGNED_AGREEMENT, "", SIGNED) == "not_now"
        assert refused(bring, commune, draft.id, PaperKind.COMMUNE_DELIBERATION, "", SIGNED) == "no_number"
        assert refused(bring, commune, draft.id, PaperKind.COMMUNE_DELIBERATION, "41", None) == "no_day"
        tomorrow = SIGNED + timedelta(days=1)
        assert refused(bring, commune, draft.id, PaperKind.COMMUNE_DELIBERATION, "41", tomorrow) == "in_the_future"
        bring(commune, draft.id, PaperKind.COMMUNE_DELIBERATION, "2026/41", SIGNED)
    assert (again(draft).commune_deliberation, again(draft).commune_deliberated_on) == ("2026/41", SIGNED)
    with scope.authority(whole):
        assert Paper.objects.get().authority_id == whole, "the agreement's owner keeps its papers"


@pytest.mark.parametrize(
    ("signed_on", "starts_on", "code"),
    [
        pytest.param(SIGNED + timedelta(days=1), STARTS, "in_the_future", id="signed tomorrow"),
        pytest.param(date(2026, 11, 10), STARTS, "before_deliberation", id="signed before the deliberations"),
        pytest.param(SIGNED, date(2026, 11, 30), "before_signature", id="in force before it is signed"),
    ],
)
def test_signing_wants_days_in_order(sides: Sides, signed_on: date, starts_on: date, code: str) -> None:
    draft = with_deliberations(sides, a_draft(sides))
    with at(SIGNED), scope.authority(sides.whole.id):
        assert refused(sign_agreement, draft.id, signed_on=signed_on, starts_on=starts_on) == code


@pytest.mark.parametrize("kind", [PaperKind.DELIBERATION, PaperKind.COMMUNE_DELIBERATION], ids=lambda kind: kind.value)
def test_signing_needs_both_deliberations_with_their_files(sides: Sides, kind: PaperKind) -> None:
    draft = a_draft(sides)
    with at(SIGNED):
        bring(sides.whole.id, draft.id, kind, "D-1", SIGNED)
        with scope.authority(sides.whole.id):
            assert refused(sign_agreement, draft.id, signed_on=SIGNED, starts_on=STARTS) == "no_deliberation"


def test_signing_sets_the_dates_opens_the_access_and_tells_the_commune(sides: Sides) -> None:
    signed = signed_agreement(sides)
    assert (signed.state, signed.starts_on, signed.ends_on) == ("running", STARTS, END)
    house = authority(sides.commune.id)
    assert (house.procurement_from, house.procurement_until) == (STARTS, END)
    assert [one.to.split(".")[0] for one in letters(signed)] == ["remi", "camille", "remi"], "to read, joined, signed"
    letter = letters(signed)[-1]
    assert letter.to == "remi.referent@exemple.test"
    assert "1er janvier 2027" in letter.title
    assert f"/illzach/mutualisation/conventions/{signed.id}/" in letter.text


def test_the_commune_signs_nothing(sides: Sides) -> None:
    draft = with_deliberations(sides, a_draft(sides))
    with at(SIGNED), scope.authority(sides.commune.id):
        assert refused(sign_agreement, draft.id, signed_on=SIGNED, starts_on=STARTS) == "not_the_agglomeration"
        assert refused(terminate_agreement, draft.id, reason="Non") == "not_the_agglomeration"
        assert refused(discard_agreement, draft.id, reason="Non") == "not_the_agglomeration"


def test_a_third_authority_finds_nothing(sides: Sides) -> None:
    signed = signed_agreement(sides)
    with scope.authority(an_authority("autre-rive").id), pytest.raises(Http404):
        give_notice(signed.id, letter="1", sent_on=LATER, received_on=LATER)


def test_a_discarded_draft_stays_with_its_reason_and_another_may_follow(sides: Sides) -> None:
    draft = a_draft(sides)
    with scope.authority(sides.whole.id):
        assert refused(discard_agreement, draft.id, reason=" ") == "no_reason"
        discard_agreement(draft.id, reason="Le conseil n’a pas voté.")
    assert (again(draft).state, again(draft).end_reason) == ("ended", "Le conseil n’a pas voté.")
    assert a_draft(sides).number == "CMD-2026-002"


@pytest.mark.parametrize("who", ["commune", "whole"])
def test_either_side_gives_notice_and_the_other_is_told(sides: Sides, who: str) -> None:
    author = getattr(sides, who)
    agreement = noticed(sides, signed_agreement(sides), LATER, by=author)
    assert (agreement.state, agreement.ends_on) == ("notice", date(2027, 6, 13))
    assert agreement.notice_by == {"commune": "commune", "whole": "agglomeration"}[who]
    assert authority(sides.commune.id).procurement_until == date(2027, 6, 13)
    other = {"commune": "camille.coordinatrice@exemple.test", "whole": "remi.referent@exemple.test"}[who]
    [letter] = [one for one in letters(agreement) if "Préavis" in one.title]
    assert letter.to == other
    assert "12 juin 2027" in letter.title


@pytest.mark.parametrize(
    ("letter", "sent_on", "received_on", "code"),
    [
        pytest.param(" ", LATER, LATER, "no_letter", id="no letter"),
        pytest.param("1", date(2026, 11, 30), LATER, "before_signature", id="older than the agreement"),
        pytest.param("1", LATER, date(2027, 3, 11), "received_before_sent", id="received before it was sent"),
        pytest.param("1", LATER, date(2027, 3, 13), "in_the_future", id="received tomorrow"),
    ],
)
def test_a_notice_wants_a_letter_and_days_in_order(
    sides: Sides, letter: str, sent_on: date, received_on: date, code: str
) -> None:
    agreement = signed_agreement(sides)
    with at(LATER), scope.authority(sides.commune.id):
        assert refused(give_notice, agreement.id, letter=letter, sent_on=sent_on, received_on=received_on) == code


def test_a_notice_is_given_once(sides: Sides) -> None:
    agreement = noticed(sides, signed_agreement(sides), LATER)
    with at(LATER), scope.authority(sides.whole.id):
        assert refused(give_notice, agreement.id, letter="2", sent_on=LATER, received_on=LATER) == "wrong_state"


@pytest.mark.parametrize("notice", [False, True], ids=["running", "under notice"])
def test_the_agglomeration_ends_it_at_once(sides: Sides, notice: bool) -> None:
    agreement = signed_agreement(sides)
    if notice:
        noticed(sides, agreement, LATER)
    with at(date(2027, 4, 2)), scope.authority(sides.whole.id):
        assert refused(terminate_agreement, agreement.id, reason="") == "no_reason"
        terminate_agreement(agreement.id, reason="La commune change d’outil.")
    assert (again(agreement).state, again(agreement).ends_on) == ("ended", date(2027, 4, 2))
    assert authority(sides.commune.id).procurement_until == date(2027, 4, 2)
    assert "La commune change d’outil." in letters(agreement)[-1].text


def test_ended_before_it_began_it_opens_nothing(sides: Sides) -> None:
    agreement = signed_agreement(sides)
    with at(date(2026, 12, 10)), scope.authority(sides.whole.id):
        terminate_agreement(agreement.id, reason="Erreur de commune.")
    house = authority(sides.commune.id)
    assert (again(agreement).ends_on, house.procurement_from) == (STARTS, house.procurement_until)


def test_an_amendment_is_written_read_signed_and_is_the_only_way(sides: Sides) -> None:
    agreement = signed_agreement(sides)
    with at(LATER), scope.authority(sides.whole.id):
        old = versions_of(agreement).present.terms
        assert refused(draft_amendment, agreement.id, subject="Rien", terms=old) == "nothing_changes"
        terms = {**old, "annex": old["annex"][1:]}
        assert refused(draft_amendment, agreement.id, subject=" ", terms=terms) == "no_subject"
        draft_amendment(agreement.id, subject="Moins de fonctions", terms=terms)
        assert versions_of(agreement).present.number == 1, "not signed, it changes nothing"
    with at(LATER), scope.authority(sides.commune.id):
        assert versions_of(again(agreement)).drafted is not None, "the commune reads it before it signs"
    with at(date(2027, 4, 1)), scope.authority(sides.whole.id):
        sign = {"stream": a_file(), "name": "avenant.pdf", "effective_on": date(2027, 5, 1)}
        assert refused(amend_agreement, agreement.id, signed_on=date(2027, 4, 2), **sign) == "in_the_future"
        assert refused(amend_agreement, agreement.id, signed_on=date(2026, 11, 2), **sign) == "before_last_version"
        early = {**sign, "effective_on": date(2027, 3, 1)}
        assert refused(amend_agreement, agreement.id, signed_on=date(2027, 4, 1), **early) == "before_signature"
        late = {**sign, "effective_on": END}
        assert refused(amend_agreement, agreement.id, signed_on=date(2027, 4, 1), **late) == "after_the_end"
        amend_agreement(agreement.id, signed_on=date(2027, 4, 1), **sign)
        assert versions_of(agreement).present.number == 1, "signed, it waits for its day"
        assert refused(amend_agreement, agreement.id, signed_on=date(2027, 4, 1), **sign) == "no_amendment"
    with at(date(2027, 5, 1)), scope.authority(sides.commune.id):
        assert versions_of(again(agreement)).present.terms == terms
        assert Paper.objects.filter(kind=PaperKind.AMENDMENT).count() == 1
    assert again(agreement).ends_on == END


def test_an_amendment_given_up_leaves_no_version(sides: Sides) -> None:
    agreement = signed_agreement(sides)
    with at(LATER), scope.authority(sides.whole.id):
        old = versions_of(agreement).present.terms
        draft_amendment(agreement.id, subject="Moins", terms={**old, "annex": []})
        drop_amendment(agreement.id)
        assert versions_of(agreement).drafted is None
        assert [one.kind for one in audit.facts([agreement.id])][-1] == "agreement.amendment_dropped"


def test_the_next_one_follows_without_a_day_between(sides: Sides) -> None:
    first = signed_agreement(sides)
    with at(date(2029, 6, 1)), scope.authority(sides.whole.id):
        assert refused(prepare_agreement, sides.commune.id) == "too_early"
    with at(date(2030, 9, 1)), scope.authority(sides.whole.id):
        second = prepare_agreement(sides.commune.id)
    with_deliberations(sides, second, date(2030, 10, 1))
    with at(date(2030, 11, 1)), scope.authority(sides.whole.id):
        early = {"signed_on": date(2030, 11, 1), "starts_on": date(2030, 12, 1)}
        assert refused(sign_agreement, second.id, **early) == "invalid", "the days of the first are taken"
        sign_agreement(second.id, signed_on=date(2030, 11, 1), starts_on=END)
    house = authority(sides.commune.id)
    assert (house.procurement_from, house.procurement_until) == (STARTS, date(2035, 1, 1))
    with at(END), scope.authority(sides.whole.id):
        assert end_agreements() == 1
        shown = agreement_to_show(agreements_of(sides.commune.id))
    assert (shown.id if shown else None, again(first).state) == (second.id, "ended")
    assert "reste ouvert" in letters(first)[-1].text
