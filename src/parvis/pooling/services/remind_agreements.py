from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.jinja import date_long
from parvis.pooling.models import AgreementState, SentReminder, SharingAgreement
from parvis.pooling.rules.agreement import ONE_DAY, Reminder, due
from parvis.pooling.selectors.agreements import LIVE, parties, signed_spans
from parvis.pooling.selectors.today import today
from parvis.pooling.services.tell_side import tell_side


def remind_agreements() -> int:
    """Send both sides of each agreement of the agglomeration in scope what is due today; how many letters' subjects.

    Several due at once (the platform was away): only the latest is sent. An end that another agreement follows without
    a day between is not announced.
    """
    rows = SharingAgreement.objects.filter(authority_id=scope.current_authority(), state__in=LIVE, ends_on__gt=today())
    sent = 0
    for agreement in rows:
        new = note_due_reminders(agreement)
        if new and not _followed(agreement, new[-1]):
            _send(agreement, new[-1])
            sent += 1
    return sent


def note_due_reminders(agreement: SharingAgreement) -> list[Reminder]:
    """Mark what is due as said, and give what was not before. At a signature or a notice the sides know it already."""
    if agreement.starts_on is None or agreement.ends_on is None:
        return []
    found = due(agreement.starts_on, agreement.ends_on, today())
    return [
        one
        for one in found
        if SentReminder.objects.get_or_create(
            authority_id=agreement.authority_id, subject_id=agreement.id, code=one.code
        )[1]
    ]


def _followed(agreement: SharingAgreement, reminder: Reminder) -> bool:
    begins = {first for first, _end in signed_spans(agreement.commune_id)}
    return bool(reminder.months) and agreement.ends_on in begins


def _send(agreement: SharingAgreement, reminder: Reminder) -> None:
    whole, commune = parties(agreement)
    title, text = _words(agreement, reminder)
    words = {
        "number": agreement.number, "of": commune.of_name, "day": date_long(reminder.about),
        "last": date_long(reminder.about - ONE_DAY),
    }  # fmt: skip
    for side in (whole, commune):
        once = f"agreement-{reminder.code}:{agreement.id}:{side.slug}"
        tell_side(agreement, side.id, title.format(**words), text.format(**words), once=once)
    audit.record("agreement.reminded", subject=agreement.id, data={"code": reminder.code})


def _words(agreement: SharingAgreement, reminder: Reminder) -> tuple[str, str]:
    if not reminder.months:
        return (
            _("La convention {number} se reconduit le {day}"),
            _(
                "La convention de mise à disposition de l’outil d’achat {of} se reconduit d’elle-même pour un an le"
                " {day}. Il n’y a rien à faire. Pour y mettre fin, envoyez une lettre recommandée\u202f: le préavis est"
                " de trois mois à partir de sa réception, à tout moment de l’année."
            ),
        )
    title = _("La convention {number} finit le {last}")
    rest = _(
        "La convention de mise à disposition de l’outil d’achat {of} finit le {last}. Le lendemain, l’outil passe en"
        " lecture seule\u202f: publiez avant ce jour les consultations qui sont prêtes. Rien ne sera effacé."
    )
    if agreement.state == AgreementState.NOTICE:
        return title, rest
    follow = _(
        "Elle a atteint ses quatre ans et ne se reconduit plus. Pour continuer sans interruption, préparez dès"
        " maintenant la convention suivante et les deux délibérations."
    )
    return title, f"{rest}\n\n{follow}"
