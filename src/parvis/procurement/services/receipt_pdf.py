from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView
from parvis.kit.jinja import date_time_long, filesize
from parvis.kit.pdf import render_pdf
from parvis.procurement.models import Envelope, Submission
from parvis.procurement.selectors.submissions import envelopes_of, receipt_file

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "receipt.typ"


def envelope_label(envelope: Envelope) -> str:
    if envelope.kind == "application":
        return _("Candidature")
    if envelope.lot is None:
        return _("Offre")
    return _("Offre, lot %(number)s\u202f: %(title)s") % {"number": envelope.lot.number, "title": envelope.lot.title}


def receipt_pdf(submission: Submission, buyer: AuthorityView) -> bytes:
    """The printable receipt; what the register or the timestamp have not answered yet is said to be pending."""
    whole = receipt_file(submission)
    receipt, proof = whole["receipt"], whole["proof"]
    timestamped = _("obtenu auprès de %(name)s") % {"name": submission.timestamp_authority} if whole["timestamp"] else _("en attente\u202f; il complétera ce récépissé")
    registered = _("ligne %(index)s, inscrite et prouvée") % {"index": proof["index"] + 1} if proof else _("inscription en cours\u202f; elle complétera ce récépissé")
    data = {
        "number": submission.number,
        "platform_name": "Parvis",
        "platform": receipt["platform"],
        "buyer": f"{receipt['buyer']['name']} (SIRET {receipt['buyer']['siret']})",
        "depositor": f"{receipt['depositor']['name']} (SIRET {receipt['depositor']['siret']})",
        "consultation": f"{receipt['consultation']['reference']} · {receipt['consultation']['title']}",
        "status": _("Pli déposé dans les délais") if submission.on_time else _("Pli arrivé hors délai\u202f: il est gardé scellé et ne sera pas ouvert"),
        "received_at": precise(submission),
        "received_at_utc": receipt["received_at"],
        "deadline": date_time_long(submission.deadline),
        "envelopes": [
            {"label": envelope_label(e), "size": filesize(e.size), "sha256": e.sha256, "commitment": e.commitment}
            for e in envelopes_of(submission)
        ],
        "signature": whole["signature"]["ed25519"],
        "public_key": whole["signature"]["public_key"],
        "log": registered,
        "timestamp": timestamped,
        "verify_url": settings.PUBLIC_URL + reverse("verify_receipt"),
    }
    return render_pdf(TEMPLATE, data)


def precise(submission: Submission) -> str:
    """The time of the deposit in Paris with its seconds, as a dispute needs it."""
    from_paris = date_time_long(submission.stamp)
    seconds = submission.stamp.strftime("%S,%f")[:6]
    return f"{from_paris}, {seconds}\u202fs"
