"""After the seal: the timestamp, the place in the register, and the completed receipt sent to the company."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.audit import facade as audit
from parvis.authorities import facade as authorities
from parvis.kit import clock, scope
from parvis.kit.errors import RetryLater
from parvis.kit.jinja import date_time_long
from parvis.notifications import facade as notifications
from parvis.procurement.models import Submission
from parvis.sealing.canonical import canonical_hash


def complete_receipt(authority_id: UUID, submission_id: UUID) -> None:
    """Idempotent. Raises RetryLater while the timestamp authority or the register have not answered."""
    with scope.authority(authority_id):
        submission = Submission.objects.get(id=submission_id)
        if submission.completed_at:
            return
        digest = bytes.fromhex(canonical_hash(submission.receipt["receipt"]))
        token = bytes(submission.timestamp_token or b"")
    if not token:
        # Remote, so outside any transaction.
        stamped = audit.timestamp(digest)
        with scope.authority(authority_id):
            Submission.objects.filter(id=submission_id).update(timestamp_token=stamped.token, timestamp_authority=stamped.authority)
    with scope.authority(authority_id):
        if audit.proof(submission.fact_id) is None:
            raise RetryLater("the register has not placed the deposit yet")
        Submission.objects.filter(id=submission_id).update(completed_at=clock.now())
        _tell_company(submission, authorities.authority(authority_id))


def _tell_company(submission: Submission, buyer: authorities.AuthorityView) -> None:
    receipt = submission.receipt["receipt"]
    address = settings.PUBLIC_URL + reverse("receipt", args=[buyer.slug, submission.id])
    title = _("Récépissé du pli n° %(number)s, %(reference)s") % {"number": submission.number, "reference": receipt["consultation"]["reference"]}
    when = date_time_long(submission.stamp)
    if submission.on_time:
        first = _("Votre pli n° %(number)s est arrivé le %(when)s, avant la date limite.") % {"number": submission.number, "when": when}
    else:
        first = _("Votre pli n° %(number)s est arrivé le %(when)s, après la date limite. Il est gardé scellé et ne sera pas ouvert.") % {
            "number": submission.number,
            "when": when,
        }
    text = "\n\n".join(
        [
            first,
            f"{receipt['consultation']['reference']} · {receipt['consultation']['title']} ({buyer.name})",
            _("Son récépissé complet, signé et horodaté, se télécharge ici\u202f:") + "\n" + address,
        ]
    )
    for email in accounts.emails_of_company(submission.company_id):
        notifications.send(
            email, title, text, once_key=f"receipt:{submission.id}:{email}", authority_id=buyer.id, subject_id=submission.consultation_id
        )
