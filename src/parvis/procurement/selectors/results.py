"""What has been opened, company by company, in register order: for the session's page, the minutes and the buyer."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.procurement.models import Consultation, Envelope, Lot, OpenedDocument, Submission
from parvis.procurement.selectors.opening import sort_submissions

ENVELOPES = {"application": 0, "bid": 1}


@dataclass(frozen=True, slots=True)
class OpenedEnvelope:
    envelope: Envelope
    documents: tuple[OpenedDocument, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """`fate`: to_open, superseded, late, or after_closing (in time, but at the register only after the session)."""

    submission: Submission
    company: str
    siret: str
    fate: str
    envelopes: tuple[OpenedEnvelope, ...]


def opening_results(consultation: Consultation) -> list[Result]:
    sorting = sort_submissions(consultation)
    fates: dict[UUID, str] = {
        **{s.id: "to_open" for s in sorting.to_open},
        **{s.id: "superseded" for s in sorting.superseded},
        **{s.id: "late" for s in sorting.late},
    }
    after = list(Submission.objects.filter(consultation=consultation, after_closing=True))
    fates |= {s.id: "after_closing" for s in after}
    submissions = sorted((*sorting.to_open, *sorting.superseded, *sorting.late, *after), key=lambda s: s.number)
    companies = accounts.companies(s.company_id for s in submissions)
    documents: dict[UUID, list[OpenedDocument]] = {}
    opened = OpenedDocument.objects.filter(envelope__submission__consultation=consultation)
    for document in opened.select_related("file").order_by("envelope_id", "position"):
        documents.setdefault(document.envelope_id, []).append(document)
    envelopes: dict[UUID, list[Envelope]] = {}
    for envelope in Envelope.objects.filter(submission__consultation=consultation).select_related("lot"):
        envelopes.setdefault(envelope.submission_id, []).append(envelope)
    return [
        Result(
            submission=s,
            company=companies[s.company_id].name,
            siret=companies[s.company_id].siret,
            fate=fates[s.id],
            envelopes=tuple(
                OpenedEnvelope(e, tuple(documents.get(e.id, [])))
                for e in sorted(
                    envelopes.get(s.id, []), key=lambda e: (ENVELOPES[e.kind], e.lot.number if e.lot else 0)
                )
            ),
        )
        for s in submissions
    ]


@dataclass(frozen=True, slots=True)
class Bidder:
    """A company whose bid was opened, by the number of its submission."""

    name: str
    siret: str
    number: int

    @property
    def label(self) -> str:
        return _("%(name)s, pli n°\u202f%(number)s") % {"name": self.name, "number": self.number}


def bidders_of(consultation: Consultation, lot: Lot | None = None) -> list[Bidder]:
    """Those whose bid was opened in session, for one lot if one is named, in register order."""
    opened = Envelope.objects.filter(
        submission__consultation=consultation, kind="bid", lot=lot, opened_at__isnull=False
    ).select_related("submission")
    submissions = sorted({one.submission for one in opened}, key=lambda one: one.number)
    companies = accounts.companies(one.company_id for one in submissions)
    return [Bidder(companies[one.company_id].name, companies[one.company_id].siret, one.number) for one in submissions]
