from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.pooling.models import AgreementState, SharingAgreement, Side
from parvis.pooling.rules.agreement import ONE_DAY, end_after_notice
from parvis.pooling.selectors.agreements import parties
from parvis.pooling.selectors.today import today
from parvis.pooling.services.hold_agreement import hold_agreement, set_access
from parvis.pooling.services.remind_agreements import note_due_reminders
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_side import tell_side


def give_notice(
    agreement_id: UUID,
    *,
    letter: str,
    sent_on: date,
    received_on: date,
    reason: str = "",
    actor_id: UUID | None = None,
) -> SharingAgreement:
    """Note a registered letter of either side: three months after its receipt, never beyond the term, all ends.

    `letter`: its number. The end moves, and the commune's access with it. Raises Refusal wrong_state, no_letter,
    before_signature, received_before_sent, in_the_future, over_already.
    """
    with hold_agreement(agreement_id, "give_notice", both_sides=True) as (agreement, side):
        check_letter(agreement, letter, sent_on, received_on)
        agreement.notice_by, agreement.notice_letter = side, letter.strip()
        agreement.notice_sent_on, agreement.notice_received_on = sent_on, received_on
        agreement.end_reason, agreement.state = reason.strip()[:300], AgreementState.NOTICE
        agreement.ends_on = notice_end(agreement, received_on)
        save_checked(agreement)
        set_access(agreement.commune_id, actor_id=actor_id)
        note_due_reminders(agreement)
        days = {"sent_on": sent_on, "received_on": received_on, "ends_on": agreement.ends_on}
        data = {**{name: day.isoformat() for name, day in days.items()}, "letter": letter, "side": side.value}
        audit.record("agreement.notice_given", subject=agreement.id, data={**data, "reason": reason}, actor=actor_id)
        _tell_the_other(agreement, side, received_on, agreement.ends_on)
        return agreement


def notice_end(agreement: SharingAgreement, received_on: date) -> date:
    """What the end becomes; for an agreement that is signed."""
    if agreement.starts_on is None or agreement.ends_on is None:
        raise ValueError("a notice needs the dates of a signed agreement")
    return end_after_notice(agreement.starts_on, agreement.ends_on, received_on)


def check_letter(agreement: SharingAgreement, letter: str, sent_on: date, received_on: date) -> None:
    """The letter as it may be noted. Raises Refusal no_letter, before_signature, received_before_sent, in_the_future,
    over_already.
    """
    if not letter.strip():
        raise Refusal("no_letter", _("Écrivez le numéro du recommandé, tel qu’il figure sur l’avis."), "letter")
    if agreement.signed_on is not None and sent_on < agreement.signed_on:
        message = _("La convention a été signée le {day}\u202f: la lettre ne peut pas être plus ancienne.")
        raise Refusal("before_signature", message.format(day=date_long(agreement.signed_on)), "sent_on")
    if received_on < sent_on:
        message = _("La lettre serait reçue avant d’être envoyée. Vérifiez les deux dates.")
        raise Refusal("received_before_sent", message, "received_on")
    if received_on > today():
        message = _("Notez le préavis quand l’avis de réception est revenu\u202f: ce jour n’est pas passé.")
        raise Refusal("in_the_future", message, "received_on")


def _tell_the_other(agreement: SharingAgreement, side: Side, received_on: date, ends_on: date) -> None:
    whole, commune = parties(agreement)
    other, author = (commune, whole) if side is Side.AGGLOMERATION else (whole, commune)
    last = date_long(ends_on - ONE_DAY)
    title = _("Préavis reçu\u202f: la convention {number} finit le {day}").format(number=agreement.number, day=last)
    text = _(
        "{name} a mis fin à la convention de mise à disposition de l’outil d’achat, par une lettre recommandée reçue"
        " le {received}. Le préavis est de trois mois\u202f: le dernier jour est le {last}. Le lendemain, l’outil"
        " passe en lecture seule pour {commune}\u202f; les consultations publiées vont jusqu’à leur ouverture, et rien"
        " n’est effacé."
    ).format(name=author.name, received=date_long(received_on), last=last, commune=commune.name)
    tell_side(agreement, other.id, title, text, once=f"agreement-notice:{agreement.id}")
