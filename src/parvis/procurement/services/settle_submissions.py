from uuid import UUID

from parvis.audit import facade as audit
from parvis.procurement.models import Consultation, Submission
from parvis.procurement.selectors.opening import Sorting, sort_submissions
from parvis.procurement.states import SubmissionState


def settle_submissions(consultation: Consultation) -> Sorting:
    """Mark those that a later one replaces (supersede_submission), and tell how every submission stands.

    The caller holds the consultation FOR UPDATE, so that no seal is under way.
    """
    sorting = sort_submissions(consultation)
    replaced = [s.id for s in sorting.superseded]
    waiting = Submission.objects.filter(id__in=replaced, state=SubmissionState.SEALED)
    waiting.update(state=SubmissionState.SUPERSEDED)
    return sorting


def give_way(submission: Submission, actor: UUID) -> None:
    """Before a submission is opened, the one of the same company opened so far, if any, becomes superseded.

    It was the last in time when it was opened: the other, stamped in time, reached the register during the session.
    """
    before = Submission.objects.filter(
        consultation_id=submission.consultation_id, company_id=submission.company_id, state=SubmissionState.OPENED
    ).exclude(id=submission.id)
    for opened in before:
        opened.state = SubmissionState.SUPERSEDED
        opened.save(update_fields=["state"])
        data = {"submission": str(opened.id), "number": opened.number, "by": submission.number}
        audit.record("submission.superseded", subject=submission.consultation_id, actor=actor, data=data)
