from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.authorities.facade import AuthorityView
from parvis.kit import clock
from parvis.kit.jinja import date_time_long
from parvis.kit.pdf import render_pdf
from parvis.procurement.models import Consultation
from parvis.procurement.selectors.downloads import DownloadLine

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "downloads.typ"
SHORT = 16


def downloads_pdf(consultation: Consultation, lines: list[DownloadLine], buyer: AuthorityView) -> bytes:
    """The whole download register as a tagged PDF, in the order of its lines. Raises typst.TypstError."""
    count = len(lines)
    sentence = ngettext("%(n)d téléchargement.", "%(n)d téléchargements.", count) % {"n": count}
    data = {
        "buyer": buyer.name,
        "reference": consultation.reference,
        "title": consultation.title,
        "now": date_time_long(clock.now()),
        "sentence": sentence if count else _("Aucun téléchargement encore."),
        "lines": [
            {
                "at": one.at.astimezone(clock.PARIS).strftime("%d/%m/%Y %H:%M:%S"),
                "what": one.what,
                "who": one.who or _("anonyme"),
                "version": one.version[:SHORT],
            }
            for one in lines
        ],
    }
    return render_pdf(TEMPLATE, data)
