"""The group's framework agreements: what is used and by whom, where it goes, the schedule, who may order."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.jinja import MONTHS, date_long
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement
from parvis.pooling.rules.ceiling import ALERTS
from parvis.pooling.rules.forecast import Forecast
from parvis.pooling.rules.schedule import PriceRow, write_schedule
from parvis.pooling.selectors.earlier import corrections_of
from parvis.pooling.selectors.frameworks import (
    Consumption,
    consumption,
    entitlement,
    forecast_of,
    frameworks_of,
    in_term,
    minimum_of,
    prices_on,
)
from parvis.pooling.selectors.papers import papers_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.save_framework import is_bound
from parvis.pooling.web.orders.access import address, framework_address, framework_in, framework_page
from parvis.pooling.web.orders.framework_forms import last_day
from parvis.pooling.web.orders.words import (
    amendment_words,
    correction_words,
    earlier_words,
    forecast_words,
    kind_label,
    minimum_words,
)


@require_safe
@desk_page("pooling.read")
def frameworks(request: Any, group: UUID) -> HttpResponse:
    one = group_in_reach(group)
    rows = []
    for framework in frameworks_of(one.id):
        expected = forecast_of(framework)
        rows.append(
            {
                "framework": framework, "url": framework_address(request, framework), "state": state_of(framework),
                "read": consumption(framework), "forecast": forecast_words(framework, expected),
                "last_day": last_day(framework),
            }
        )  # fmt: skip
    context = {"rows": rows, "new_url": address(request, "framework_new", one.id)}
    return framework_page(request, "frameworks", one, context)


@require_safe
@desk_page("pooling.read")
def framework(request: Any, group: UUID, framework: UUID) -> HttpResponse:
    one = framework_in(group, framework)
    read, expected = consumption(one), forecast_of(one)
    least = minimum_of(one, expected)
    prices = prices_on(one, today())
    urls = {
        name: framework_address(request, one, f"framework_{name}")
        for name in ("edit", "schedule", "amend", "prices", "earlier")
    }
    context = {
        "state": state_of(one), "read": read, "expected": expected, "least": least, "last_day": last_day(one),
        "forecast": forecast_words(one, expected), "forecast_why": _forecast_why(one, expected),
        "minimum": minimum_words(least), "alerts": _alerts(read), "months": _months(read),
        "earlier": earlier_words(one), "corrections": [correction_words(each) for each in corrections_of(one)],
        "orders": [(order, cents, address(request, "order", one.group_id, order.id)) for order, cents in read.taken],
        "prices": [(line, kind_label(line.kind)) for line in prices], "bound": is_bound(one), "urls": urls,
        "entitled": [
            (row, address(request, "framework_member", group, one.id, row.member.id)) for row in entitlement(one)
        ],
        "amendments": [(row, amendment_words(row)) for row in one.amendments.all()], "papers": papers_of(one.id),
        "may_order": request.actor.may("orders.write", request.authority.id) and in_term(one, today()) and bool(prices),
        "order_url": f"{address(request, 'order_new', one.group_id)}?accord={one.id}",
    }  # fmt: skip
    return framework_page(request, "framework", one.group, context, framework=one)


@require_safe
@desk_page("pooling.read")
def prices_csv(request: Any, group: UUID, framework: UUID) -> HttpResponse:
    """The schedule of today, in the columns that the schedule page reads."""
    one = framework_in(group, framework)
    rows = [
        PriceRow(line.code, line.label, line.kind, line.unit, line.unit_cents, line.vat_rate, line.for_eservice)
        for line in prices_on(one, today())
    ]
    response = HttpResponse("\ufeff" + write_schedule(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="bordereau.csv"'
    return response


def state_of(framework: FrameworkAgreement) -> tuple[str, str, str]:
    """Its word, tone and sign."""
    day = today()
    if day < framework.starts_on:
        return _("Commence le {day}").format(day=date_long(framework.starts_on)), "info", "clock"
    if day >= framework.ends_on:
        return _("Terminé"), "", "closed"
    if framework.used_cents == framework.max_cents:
        return _("Épuisé"), "danger", "danger"
    return _("En vigueur"), "success", "success"


def _alerts(read: Consumption) -> list[tuple[int, str, bool]]:
    """Each threshold, its amount, whether it is reached."""
    return [(one, euros(read.max_cents * one // 100), read.used_cents * 100 >= one * read.max_cents) for one in ALERTS]


def _months(read: Consumption) -> list[tuple[str, int, int]]:
    rows = [(f"{MONTHS[month.month - 1]} {month.year}", cents, total) for month, cents, total in read.by_month]
    before = [(_("avant Parvis"), read.earlier_cents, read.earlier_cents)] if read.earlier_cents else []
    return before + rows


def _forecast_why(framework: FrameworkAgreement, expected: Forecast) -> list[str]:
    """The computation, one step a line."""
    spent = _("Du {first} à aujourd’hui, soit {days} jours, les commandes émises font {cents}.")
    if expected.earlier_cents:
        spent = _(
            "Du {first} à aujourd’hui, soit {days} jours, on a commandé {cents}, dont {earlier} avant Parvis. Le jour"
            " de chacune de ces commandes n’étant pas connu ici, le rythme est celui de toute la vie du contrat."
        )
    lines = [
        spent.format(
            first=date_long(expected.window_from),
            days=expected.window_days,
            cents=euros(expected.window_cents),
            earlier=euros(expected.earlier_cents),
        ),
        _("À ce rythme, environ {month} par mois\u202f: {cents} ÷ {days} jours, prolongé en ligne droite.").format(
            month=euros(expected.per_month_cents), cents=euros(expected.window_cents), days=expected.window_days
        ),
        _("S’y ajoutent {announced} de commandes annoncées au groupement et pas encore émises.").format(
            announced=euros(expected.announced_cents)
        ),
        _("Déjà utilisé\u202f: {used} sur {max}.").format(
            used=euros(framework.used_cents), max=euros(framework.max_cents)
        ),
    ]
    if not expected.steady:
        lines.append(_("L’historique a moins de trois mois\u202f: cette prévision bougera beaucoup."))
    return lines
