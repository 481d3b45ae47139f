from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import AgreementState, Paper, PaperKind, SharingAgreement, Side
from parvis.pooling.selectors.agreements import DELIBERATIONS, agreement_in_reach, parties, side_of
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_side import tell_side


def papers_to_bring(agreement: SharingAgreement, side: Side) -> tuple[PaperKind, ...]:
    """What a side may attach now: deliberations before the signature, the signed copy and letters after it.

    The agglomeration may bring the commune's own, received on paper. An amendment's file comes with its signature.
    """
    if agreement.state == AgreementState.DRAFT:
        return tuple(DELIBERATIONS.values()) if side is Side.AGGLOMERATION else (PaperKind.COMMUNE_DELIBERATION,)
    if agreement.signed_on is None:
        return ()
    letters = (PaperKind.NOTICE_LETTER,) if agreement.notice_by else ()
    others = (PaperKind.OTHER,) if side is Side.AGGLOMERATION else ()
    return (PaperKind.SIGNED_AGREEMENT, *letters, *others)


def attach_agreement_paper(
    agreement_id: UUID,
    kind: PaperKind,
    *,
    title: str,
    dated: date | None,
    stream: BinaryIO,
    name: str,
    actor_id: UUID | None = None,
) -> Paper:
    """Keep a file with its agreement, whose owner keeps its bytes. A deliberation's `title` is its number.

    Raises Http404, Refusal not_now, no_number, no_day, in_the_future, too_large, empty, disk_full.
    """
    found = agreement_in_reach(agreement_id)
    side = side_of(found)
    with scope.authority(found.authority_id):
        agreement = reach(SharingAgreement, agreement_id, lock=True)
        if kind not in papers_to_bring(agreement, side):
            message = _("Cette pièce ne se joint plus, ou pas encore, à la convention. Relisez sa page.")
            raise Refusal("not_now", message, "kind")
        _check_day(kind, title, dated)
        if kind in DELIBERATIONS.values():
            _note_deliberation(agreement, kind, title.strip(), dated)
        paper = attach_paper(
            agreement.id, agreement.id, kind, title.strip() or str(kind.label), stream,
            owner_id=agreement.authority_id, name=name, dated=dated, actor_id=actor_id,
        )  # fmt: skip
        data = {"kind": kind.value, "title": paper.title, "paper": str(paper.id), "side": side.value}
        audit.record("agreement.paper_attached", subject=agreement.id, data=data, actor=actor_id)
        if side is Side.COMMUNE and kind is PaperKind.COMMUNE_DELIBERATION:
            _tell_the_agglomeration(agreement, paper)
        return paper


def _tell_the_agglomeration(agreement: SharingAgreement, paper: Paper) -> None:
    _whole, commune = parties(agreement)
    title = _("{name} a joint sa délibération").format(name=commune.name)
    text = _(
        "La délibération {number} est jointe à la convention {agreement}. Quand les deux y sont, signez la convention"
        " puis notez sa signature."
    ).format(number=paper.title, agreement=agreement.number)
    tell_side(agreement, agreement.authority_id, title, text, once=f"agreement-deliberation:{paper.id}")


def _check_day(kind: PaperKind, title: str, dated: date | None) -> None:
    if kind in DELIBERATIONS.values():
        if not title.strip():
            raise Refusal("no_number", _("Écrivez le numéro de la délibération, tel qu’il figure en tête."), "title")
        if dated is None:
            raise Refusal("no_day", _("Écrivez la date de la délibération."), "dated")
    if dated is not None and dated > today():
        raise Refusal("in_the_future", _("Cette date n’est pas encore passée. Vérifiez-la."), "dated")


def _note_deliberation(agreement: SharingAgreement, kind: PaperKind, number: str, dated: date | None) -> None:
    if kind is PaperKind.DELIBERATION:
        agreement.deliberation, agreement.deliberated_on = number, dated
    else:
        agreement.commune_deliberation, agreement.commune_deliberated_on = number, dated
    save_checked(agreement)
