from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.pooling.models import AgreementState, PaperKind, SharingAgreement
from parvis.pooling.rules.agreement import ONE_DAY, term
from parvis.pooling.selectors.agreements import missing_deliberations, parties
from parvis.pooling.selectors.today import today
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.hold_agreement import hold_agreement, set_access
from parvis.pooling.services.remind_agreements import note_due_reminders
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_side import tell_side


def sign_agreement(
    agreement_id: UUID,
    *,
    signed_on: date,
    starts_on: date,
    signed_copy: tuple[BinaryIO, str] | None = None,
    actor_id: UUID | None = None,
) -> SharingAgreement:
    """Note that both sides signed: the dates are set, and open the commune's tool of procurement.

    `signed_copy`: the file and its name, if it is there already. Raises Refusal not_the_agglomeration, wrong_state,
    no_deliberation, in_the_future, before_deliberation, before_signature, over_already, invalid (another agreement
    covers those days).
    """
    with hold_agreement(agreement_id, "sign_agreement") as (agreement, _side):
        _check(agreement, signed_on, starts_on)
        agreement.signed_on, agreement.starts_on = signed_on, starts_on
        ends_on = term(starts_on, agreement.renewals)
        agreement.ends_on, agreement.state = ends_on, AgreementState.RUNNING
        save_checked(agreement)
        agreement.versions.filter(number=1).update(signed_on=signed_on, effective_on=starts_on)
        if signed_copy is not None:
            attach_paper(
                agreement.id, agreement.id, PaperKind.SIGNED_AGREEMENT, str(PaperKind.SIGNED_AGREEMENT.label),
                signed_copy[0], owner_id=agreement.authority_id, name=signed_copy[1], dated=signed_on,
                actor_id=actor_id,
            )  # fmt: skip
        set_access(agreement.commune_id, actor_id=actor_id)
        note_due_reminders(agreement)
        days = {"signed_on": signed_on, "starts_on": starts_on, "ends_on": ends_on}
        data = {name: day.isoformat() for name, day in days.items()}
        audit.record("agreement.signed", subject=agreement.id, data=data, actor=actor_id)
        _tell(agreement, starts_on, ends_on)
        return agreement


def _check(agreement: SharingAgreement, signed_on: date, starts_on: date) -> None:
    missing = missing_deliberations(agreement)
    if missing:
        who = _(" et ").join(str(side.label).lower() for side in missing)
        message = _("Il manque la délibération, avec son fichier\u202f: {who}. Joignez-la, puis signez.")
        raise Refusal("no_deliberation", message.format(who=who))
    if signed_on > today():
        message = _("Notez la signature une fois faite\u202f: ce jour n’est pas passé.")
        raise Refusal("in_the_future", message, "signed_on")
    last = max(day for day in (agreement.deliberated_on, agreement.commune_deliberated_on) if day is not None)
    if signed_on < last:
        message = _("Une des délibérations est du {day}, après cette signature. Vérifiez les dates.")
        raise Refusal("before_deliberation", message.format(day=date_long(last)), "signed_on")
    if starts_on < signed_on:
        message = _("La convention ne peut pas commencer avant d’être signée. Choisissez le {day} ou plus tard.")
        raise Refusal("before_signature", message.format(day=date_long(signed_on)), "starts_on")
    if term(starts_on, agreement.renewals) <= today():
        message = _("Commencée ce jour-là, elle serait déjà finie. Vérifiez l’année.")
        raise Refusal("over_already", message, "starts_on")


def _tell(agreement: SharingAgreement, starts_on: date, ends_on: date) -> None:
    whole, commune = parties(agreement)
    title = _("L’outil d’achat {of} s’ouvre le {day}").format(of=commune.of_name, day=date_long(starts_on))
    text = _(
        "La convention {number} avec {name} est signée. L’outil d’achat de votre commune est ouvert à partir du"
        " {first}. Sans préavis, la convention se reconduit d’année en année, jusqu’au {last} au plus tard."
    ).format(
        number=agreement.number, name=whole.name, first=date_long(starts_on),
        last=date_long(ends_on - ONE_DAY),
    )  # fmt: skip
    tell_side(agreement, agreement.commune_id, title, text, once=f"agreement-signed:{agreement.id}")
