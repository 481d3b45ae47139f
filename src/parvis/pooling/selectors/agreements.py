"""Sharing agreements as the two sides read them: who stands where, what is said, what happened, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.audit.contracts import FactView
from parvis.authorities.facade import AuthorityView, authorities
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import AgreementState, AgreementVersion, Paper, PaperKind, SharingAgreement, Side
from parvis.pooling.selectors.papers import papers_of
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.today import today

LIVE = (AgreementState.RUNNING, AgreementState.NOTICE)
# Which deliberation each side brings.
DELIBERATIONS = {Side.AGGLOMERATION: PaperKind.DELIBERATION, Side.COMMUNE: PaperKind.COMMUNE_DELIBERATION}


def in_force_or_to_come(agreement: SharingAgreement) -> bool:
    """Signed, and its last day not past: its state says so too, once the night has noted the end."""
    return agreement.state in LIVE and agreement.ends_on is not None and today() < agreement.ends_on


def side_of(agreement: SharingAgreement) -> Side:
    """On which side the authority in scope stands. Raises Refusal not_a_party for a third one."""
    here = scope.current_authority()
    if here == agreement.authority_id:
        return Side.AGGLOMERATION
    if here == agreement.commune_id:
        return Side.COMMUNE
    raise Refusal("not_a_party", _("Cette convention ne concerne pas votre collectivité."))


def agreement_in_reach(agreement_id: UUID) -> SharingAgreement:
    return reach(SharingAgreement, agreement_id)


def parties(agreement: SharingAgreement) -> tuple[AuthorityView, AuthorityView]:
    """The agglomeration, then the commune."""
    found = {one.id: one for one in authorities([agreement.authority_id, agreement.commune_id])}
    return found[agreement.authority_id], found[agreement.commune_id]


@dataclass(frozen=True, slots=True)
class Versions:
    """`signed`: oldest first. `present`: what is in force today, else the first. `drafted`: an amendment not signed."""

    signed: tuple[AgreementVersion, ...]
    present: AgreementVersion
    drafted: AgreementVersion | None


def versions_of(agreement: SharingAgreement) -> Versions:
    rows = list(agreement.versions.all())
    signed = tuple(one for one in rows if one.signed_on is not None)
    day = today()
    in_force = [one for one in signed if one.effective_on is not None and one.effective_on <= day]
    drafted = next((one for one in rows if one.signed_on is None and one.number > 1), None)
    return Versions(signed, (in_force or rows)[-1 if in_force else 0], drafted)


def version_in_reach(agreement: SharingAgreement, number: int) -> AgreementVersion:
    found = AgreementVersion.objects.filter(agreement=agreement, number=number).values_list("id", flat=True).first()
    return reach(AgreementVersion, found or agreement.id)


def missing_deliberations(agreement: SharingAgreement, papers: Iterable[Paper] | None = None) -> tuple[Side, ...]:
    """The sides whose deliberation, with its number, day and file, is not there yet."""
    kinds = {paper.kind for paper in (papers_of(agreement.id) if papers is None else papers)}
    written = {
        Side.AGGLOMERATION: bool(agreement.deliberation and agreement.deliberated_on),
        Side.COMMUNE: bool(agreement.commune_deliberation and agreement.commune_deliberated_on),
    }
    return tuple(side for side, kind in DELIBERATIONS.items() if not written[side] or kind not in kinds)


def agreement_facts(agreement: SharingAgreement) -> list[FactView]:
    """What happened, in order, kept by the agglomeration and told to both sides."""
    with scope.authority(agreement.authority_id):
        return audit.facts([agreement.id])


def agreements_of(commune_id: UUID) -> list[SharingAgreement]:
    """Every agreement of a commune, newest first: one being prepared, then by beginning."""
    return newest_first(SharingAgreement.objects.filter(commune_id=commune_id))


def newest_first(rows: Iterable[SharingAgreement]) -> list[SharingAgreement]:
    def rank(one: SharingAgreement) -> tuple[bool, date, str]:
        return one.state == AgreementState.DRAFT, one.starts_on or date.min, one.number

    return sorted(rows, key=rank, reverse=True)


def agreement_to_show(rows: list[SharingAgreement]) -> SharingAgreement | None:
    """Of one commune's: the one in force, else the next to begin, else the one being prepared, else the last."""
    day = today()
    live = sorted(filter(in_force_or_to_come, rows), key=lambda one: one.starts_on or date.max)
    now = [one for one in live if one.starts_on is not None and one.starts_on <= day]
    drafts = [one for one in rows if one.state == AgreementState.DRAFT]
    ended = [one for one in rows if one.signed_on is not None]
    return next(iter([*now[-1:], *live, *drafts, *ended, *rows]), None)


def agreements_by_commune() -> dict[UUID, list[SharingAgreement]]:
    """Of the agglomeration in scope, in one query; each commune's as `agreements_of` orders them."""
    found: dict[UUID, list[SharingAgreement]] = {}
    for one in SharingAgreement.objects.filter(authority_id=scope.current_authority()):
        found.setdefault(one.commune_id, []).append(one)
    return {commune_id: newest_first(rows) for commune_id, rows in found.items()}


def signed_spans(commune_id: UUID) -> list[tuple[date, date]]:
    """The days of every agreement ever signed with a commune, half-open."""
    rows = SharingAgreement.objects.filter(commune_id=commune_id, signed_on__isnull=False)
    return [(one.starts_on, one.ends_on) for one in rows]
