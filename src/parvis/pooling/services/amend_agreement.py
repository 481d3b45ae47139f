from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.pooling.models import AgreementVersion, PaperKind
from parvis.pooling.selectors.agreements import versions_of
from parvis.pooling.selectors.today import today
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.hold_agreement import hold_agreement
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_side import tell_side


def amend_agreement(
    agreement_id: UUID,
    *,
    signed_on: date,
    effective_on: date,
    stream: BinaryIO,
    name: str,
    actor_id: UUID | None = None,
) -> AgreementVersion:
    """Note that both sides signed the drafted amendment, with the signed file: it is a version for ever.

    It does not move the agreement's dates, nor stop a notice. Raises Refusal not_the_agglomeration, wrong_state,
    no_amendment, in_the_future, before_last_version, before_signature, after_the_end, too_large, empty, disk_full.
    """
    with hold_agreement(agreement_id, "amend_agreement") as (agreement, _side):
        versions = versions_of(agreement)
        version, before = versions.drafted, versions.signed[-1]
        if version is None:
            raise Refusal("no_amendment", _("Écrivez d’abord l’avenant\u202f: il n’y a encore rien à signer."))
        _check_days(before, signed_on, effective_on)
        if agreement.ends_on is not None and effective_on >= agreement.ends_on:
            message = _("La convention sera finie ce jour-là. Choisissez une date plus proche.")
            raise Refusal("after_the_end", message, "effective_on")
        version.signed_on, version.effective_on = signed_on, effective_on
        save_checked(version)
        attach_paper(
            agreement.id, agreement.id, PaperKind.AMENDMENT, _amendment_title(version), stream,
            owner_id=agreement.authority_id, name=name, dated=signed_on, actor_id=actor_id,
        )  # fmt: skip
        data = {
            "number": version.number, "subject": version.amendment, "signed_on": signed_on.isoformat(),
            "effective_on": effective_on.isoformat(),
        }  # fmt: skip
        audit.record("agreement.amended", subject=agreement.id, data=data, actor=actor_id)
        title = _("Avenant à la convention {number}").format(number=agreement.number)
        text = _("L’avenant «\u202f{subject}\u202f» est signé. Il s’applique à partir du {day}.").format(
            subject=version.amendment, day=date_long(effective_on)
        )
        tell_side(agreement, agreement.commune_id, title, text, once=f"agreement-amended:{version.id}")
        return version


def _amendment_title(version: AgreementVersion) -> str:
    number = _("Avenant n°\u00a0{rank}").format(rank=version.number - 1)
    return f"{number}\u202f: {version.amendment}"[:200]


def _check_days(before: AgreementVersion, signed_on: date, effective_on: date) -> None:
    if signed_on > today():
        message = _("Notez la signature une fois faite\u202f: ce jour n’est pas passé.")
        raise Refusal("in_the_future", message, "signed_on")
    if before.signed_on is not None and signed_on < before.signed_on:
        message = _("La version précédente a été signée le {day}\u202f: l’avenant vient après.")
        raise Refusal("before_last_version", message.format(day=date_long(before.signed_on)), "signed_on")
    if effective_on < signed_on:
        message = _("L’avenant ne peut pas s’appliquer avant d’être signé. Choisissez le {day} ou plus tard.")
        raise Refusal("before_signature", message.format(day=date_long(signed_on)), "effective_on")
    if before.effective_on is not None and effective_on < before.effective_on:
        message = _("La version précédente s’applique à partir du {day}\u202f: l’avenant, ce jour-là ou plus tard.")
        raise Refusal("before_last_version", message.format(day=date_long(before.effective_on)), "effective_on")
