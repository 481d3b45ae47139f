"""Sharing agreements at each stage, made by their own verbs, between an agglomeration and a commune."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from parvis.authorities.facade import give_seat
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.notifications import facade as notifications
from parvis.notifications.contracts import MessageView
from parvis.pooling.models import AgreementVersion, PaperKind, SharingAgreement
from parvis.pooling.rules.agreement import term
from parvis.pooling.rules.agreement_terms import default_terms
from parvis.pooling.services.attach_agreement_paper import attach_agreement_paper
from parvis.pooling.services.give_notice import give_notice
from parvis.pooling.services.prepare_agreement import prepare_agreement
from parvis.pooling.services.sign_agreement import sign_agreement
from tests.world import an_agent, an_authority

PREPARED, SIGNED, STARTS = date(2026, 11, 2), date(2026, 12, 1), date(2027, 1, 1)
LAST, END = date(2030, 12, 31), date(2031, 1, 1)


@dataclass
class Sides:
    whole: Authority
    commune: Authority


def two_sides() -> Sides:
    """An agglomeration and a commune whose tool no agreement has opened yet."""
    whole = an_authority("grande-vallee", name="Grande Vallée", kind="agglomeration")
    return Sides(whole, an_authority("illzach", name="Illzach", procurement_from=None))


def at(day: date, hour: int = 9) -> Any:
    """The clock held on a day, in Paris."""
    return clock.frozen_at(datetime(day.year, day.month, day.day, hour, tzinfo=clock.PARIS))


def a_file(content: bytes = b"%PDF-1.7 une piece") -> io.BytesIO:
    return io.BytesIO(content)


def a_draft(sides: Sides) -> SharingAgreement:
    with at(PREPARED), scope.authority(sides.whole.id):
        return prepare_agreement(sides.commune.id)


def with_deliberations(sides: Sides, agreement: SharingAgreement, day: date = date(2026, 11, 16)) -> SharingAgreement:
    """Each side brings its own."""
    with at(max(day, PREPARED)):
        bring(sides.whole.id, agreement.id, PaperKind.DELIBERATION, "D-2026-118", day)
        bring(sides.commune.id, agreement.id, PaperKind.COMMUNE_DELIBERATION, "2026/41", day)
    return again(agreement)


def bring(house_id: UUID, agreement_id: UUID, kind: PaperKind, title: str, dated: date | None) -> None:
    with scope.authority(house_id):
        attach_agreement_paper(
            agreement_id, kind, title=title, dated=dated, stream=a_file(), name=f"{kind.value}.pdf", actor_id=None
        )


def signed_agreement(sides: Sides, signed_on: date = SIGNED, starts_on: date = STARTS) -> SharingAgreement:
    """In force from `starts_on`, signed on `signed_on` by both."""
    agreement = with_deliberations(sides, a_draft(sides))
    with at(signed_on), scope.authority(sides.whole.id):
        return sign_agreement(agreement.id, signed_on=signed_on, starts_on=starts_on)


def noticed(sides: Sides, agreement: SharingAgreement, received_on: date, by: Authority | None = None) -> Any:
    with at(received_on), scope.authority((by or sides.commune).id):
        return give_notice(
            agreement.id, letter="1A 234 567 8901 2", sent_on=received_on, received_on=received_on, reason=""
        )


def again(agreement: SharingAgreement) -> SharingAgreement:
    with scope.authority(agreement.authority_id):
        found: SharingAgreement = SharingAgreement.objects.get(id=agreement.id)
        return found


def letters(agreement: SharingAgreement) -> list[MessageView]:
    """Oldest first."""
    return notifications.messages(subject_id=agreement.id)[::-1]


def with_people(sides: Sides) -> Sides:
    """Somebody in charge on each side, who is written to."""
    an_agent(sides.whole, "coordinator", "Camille Coordinatrice")
    an_agent(sides.commune, "referent", "Rémi Référent")
    return sides


def agreement_rows(whole: Authority, here: Authority) -> dict[str, UUID]:
    """For the table of addresses: one in force with an amendment being written, and the next one being prepared.

    Rows alone: the commune's access stays as its world made it.
    """
    day = clock.now().astimezone(clock.PARIS).date()
    days = {"signed_on": day, "starts_on": day, "ends_on": term(day), "state": "running"}
    made = {"agreement": ("CMD-1", days), "drafted_agreement": ("CMD-2", {"state": "draft"})}
    found = {}
    with scope.authority(whole.id):
        for name, (number, fields) in made.items():
            row = SharingAgreement(number=number, commune=here, **fields)
            row.circle_id = row.id
            give_seat(row.id, here.id)
            row.save()
            terms = default_terms(whole.name, here.name)
            signed = {"signed_on": day, "effective_on": day} if name == "agreement" else {}
            AgreementVersion.objects.create(agreement=row, circle_id=row.id, number=1, terms=terms, **signed)
            found[name] = row.id
        AgreementVersion.objects.create(
            agreement_id=found["agreement"], circle_id=found["agreement"], number=2, amendment="Formation",
            terms={**terms, "annex": terms["annex"][:1]},
        )  # fmt: skip
    return found
