from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView
from parvis.kit.jinja import date_long, date_time_long, filesize, hour
from parvis.kit.pdf import render_pdf
from parvis.procurement.models import Submission
from parvis.procurement.selectors.keys import envelope_label
from parvis.procurement.selectors.submissions import envelopes_of, receipt_file

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "receipt.typ"


def receipt_pdf(submission: Submission, buyer: AuthorityView) -> bytes:
    """The printable receipt; what the register or the timestamp have not answered yet is said to be pending."""
    whole = receipt_file(submission)
    receipt, proof = whole["receipt"], whole["proof"]
    timestamped = _("en attente\u202f; il complétera ce récépissé")
    if whole["timestamp"]:
        timestamped = _("obtenu auprès de %(name)s") % {"name": submission.timestamp_authority}
    registered = _("inscription en cours\u202f; elle complétera ce récépissé")
    if proof:
        registered = _("ligne %(index)s, inscrite et prouvée") % {"index": proof["index"] + 1}
    status = _("Pli arrivé hors délai\u202f: il est gardé scellé et ne sera pas ouvert")
    if submission.on_time:
        status = _("Pli déposé dans les délais")
    data = {
        "number": submission.number,
        "platform_name": "Parvis",
        "platform": receipt["platform"],
        "buyer": f"{receipt['buyer']['name']} (SIRET {receipt['buyer']['siret']})",
        "depositor": f"{receipt['depositor']['name']} (SIRET {receipt['depositor']['siret']})",
        "consultation": f"{receipt['consultation']['reference']} · {receipt['consultation']['title']}",
        "status": status,
        "received_at": precise(submission),
        "received_at_utc": receipt["received_at"],
        "deadline": date_time_long(submission.deadline),
        "envelopes": [
            {
                "label": envelope_label(e.kind, e.lot),
                "size": filesize(e.size),
                "sha256": e.sha256,
                "commitment": e.commitment,
            }
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
    """mardi 1er décembre 2026 à 12 h 00 min 00,000001 s (heure de Paris): to the microsecond, as a dispute needs it."""
    seconds = submission.stamp.strftime("%S,%f")
    return f"{date_long(submission.stamp)} à {hour(submission.stamp)}\u202fmin {seconds}\u202fs (heure de Paris)"
