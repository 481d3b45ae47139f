"""After the seal: the receipt sent to the company, then the timestamp and the place in the register."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.audit import facade as audit
from parvis.authorities import facade as authorities
from parvis.kit import clock, scope
from parvis.kit.errors import Permanent, RetryLater
from parvis.notifications import facade as notifications
from parvis.procurement.models import Submission
from parvis.procurement.services.receipt_pdf import precise
from parvis.sealing.canonical import canonical_hash

log = logging.getLogger("parvis.procurement")

# A job that is neither waiting nor at work any more by then was lost with its worker.
FORGOTTEN_AFTER = timedelta(minutes=10)


def complete_receipt(authority_id: UUID, submission_id: UUID) -> None:
    """Idempotent. The company is told at once, whatever the timestamp authority does.

    Raises RetryLater while the timestamp authority or the register have not answered, Permanent when the authority
    refuses the request itself.
    """
    with scope.authority(authority_id):
        submission = Submission.objects.get(id=submission_id)
        if submission.completed_at:
            return
        _tell_company(submission, authorities.authority(authority_id))
        digest = bytes.fromhex(canonical_hash(submission.receipt["receipt"]))
        has_token = submission.timestamp_token is not None
    if not has_token:
        # Remote, so outside any transaction.
        stamped = audit.timestamp(digest)
        with scope.authority(authority_id):
            Submission.objects.filter(id=submission_id, timestamp_token__isnull=True).update(
                timestamp_token=stamped.token, timestamp_authority=stamped.authority
            )
    with scope.authority(authority_id):
        if audit.proof(submission.fact_id) is None:
            raise RetryLater("the register has not placed the deposit yet")
        Submission.objects.filter(id=submission_id).update(completed_at=clock.now())


def resume_receipts() -> int:
    """Complete what a killed worker or a long outage left behind; answers how many. Stops while nobody answers."""
    done = 0
    for authority in authorities.authorities():
        with scope.authority(authority.id):
            waiting = Submission.objects.filter(completed_at__isnull=True, stamp__lt=clock.now() - FORGOTTEN_AFTER)
            ids = list(waiting.order_by("stamp").values_list("id", flat=True))
        for submission_id in ids:
            try:
                complete_receipt(authority.id, submission_id)
                done += 1
            except RetryLater:
                return done
            except Permanent:
                log.exception("the receipt of submission %s cannot be completed", submission_id)
    return done


def _tell_company(submission: Submission, buyer: authorities.AuthorityView) -> None:
    receipt = submission.receipt["receipt"]
    address = settings.PUBLIC_URL + reverse("receipt", args=[buyer.slug, submission.id])
    values = {
        "number": submission.number,
        "reference": receipt["consultation"]["reference"],
        "when": precise(submission),
    }
    first = _("Votre pli n° %(number)s est arrivé le %(when)s, avant la date limite.")
    if not submission.on_time:
        first = _(
            "Votre pli n° %(number)s est arrivé le %(when)s, après la date limite. "
            "Il est gardé scellé et ne sera pas ouvert."
        )
    link = _(
        "Son récépissé signé se télécharge ici\u202f; l’horodatage et la preuve d’inscription au registre s’y ajoutent "
        "dès qu’ils sont obtenus\u202f:"
    )
    about = f"{receipt['consultation']['reference']} · {receipt['consultation']['title']} ({buyer.name})"
    text = "\n\n".join([first % values, about, f"{link}\n{address}"])
    for email in accounts.emails_of_company(submission.company_id):
        notifications.send(
            email,
            _("Récépissé du pli n° %(number)s, %(reference)s") % values,
            text,
            once_key=f"receipt:{submission.id}:{email}",
            authority_id=buyer.id,
            subject_id=submission.consultation_id,
        )
