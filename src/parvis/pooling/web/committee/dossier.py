"""The dossier of the committee, as a page and as a PDF to print or send."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.money import euros
from parvis.pooling.rules.dossier_words import earlier_words, forecast_why, forecast_words, minimum_words, tenth
from parvis.pooling.rules.words import day, number
from parvis.pooling.selectors.dossier import Dossier, FrameworkLine, dossier
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.dossier_pdf import dossier_file
from parvis.pooling.web.committee.access import address, committee_page

Bar = tuple[str, int, str]


@require_safe
@desk_page("pooling.read")
def committee_dossier(request: Any, group: UUID) -> HttpResponse:
    one = group_in_reach(group)
    seen = dossier(one)
    siren = request.authority.siren
    context = {
        "seen": seen, "pdf_url": address(request, "dossier_pdf", one.id),
        "inhabitants": number(seen.inhabitants), "frameworks": [_framework(row) for row in seen.frameworks],
        "share_bars": share_bars(seen), "mine": seen.shares.amounts(siren),
        "my_lines": [(cost.item, seen.shares.why(cost, siren)) for cost in seen.shares.costs],
        "problems": [(cost.item, cost.problem) for cost in seen.shares.costs if cost.problem],
    }  # fmt: skip
    return committee_page(request, "dossier", one, context, (_("Dossier du comité"), ""))


def _framework(row: FrameworkLine) -> dict[str, Any]:
    return {
        "row": row, "bars": framework_bars(row), "earlier": earlier_words(row.used.earlier_cents),
        "forecast": forecast_words(row.forecast, day(row.framework.ends_on)),
        "why": forecast_why(row.forecast), "minimum": minimum_words(row.minimum),
    }  # fmt: skip


def framework_bars(row: FrameworkLine) -> list[Bar]:
    """The maximum is the full length."""
    parts = ((_("Commandé"), row.used.used_cents), (_("Prévu au terme"), row.forecast.at_term_cents),
             (_("Minimum"), row.minimum.min_cents))  # fmt: skip
    return [(label, cents, f"{euros(cents)}, {tenth(cents, row.used.max_cents)}") for label, cents in parts]


def share_bars(seen: Dossier) -> list[Bar]:
    """Largest first, who pays nothing left out."""
    rows = sorted((row for row in seen.members if row.share.ttc > 0), key=lambda row: -row.share.ttc)
    total = seen.shares.total.ttc or 1
    return [(row.name, row.share.ttc, f"{euros(row.share.ttc)}, {tenth(row.share.ttc, total)}") for row in rows]


@require_safe
@desk_page("pooling.read")
def dossier_pdf(request: Any, group: UUID) -> HttpResponse:
    one = group_in_reach(group)
    response = HttpResponse(dossier_file(one), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="dossier-comite-{slugify(one.name)}.pdf"'
    return response
