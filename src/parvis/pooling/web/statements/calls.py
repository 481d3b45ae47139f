"""A call, shown whole before it leaves: an instalment, or the closing and what it still misses."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import JointProcurement, Membership, Statement
from parvis.pooling.rules.words import fraction
from parvis.pooling.selectors.calls import Prepared, default_due_on, estimates, prepared
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.call_instalment import call_instalment
from parvis.pooling.services.issue_closing import issue_closing
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import group_page
from parvis.pooling.web.statements.access import CALLS, FORM, list_crumbs, list_url
from parvis.pooling.web.statements.forms import CallForm
from parvis.pooling.web.statements.proposals import call_title

Issue = Callable[[date, int | None], list[Statement]]


@require_http_methods(FORM)
@desk_page(CALLS)
def instalment(request: Any, group: UUID, year: int, rank: int) -> HttpResponse:
    def issue(due_on: date, seen: int | None) -> list[Statement]:
        return call_instalment(group, year, rank, due_on=due_on, seen_ttc_cents=seen, actor_id=request.actor.person_id)

    return _page(request, group_in_reach(group), year, rank, issue)


@require_http_methods(FORM)
@desk_page(CALLS)
def closing(request: Any, group: UUID, year: int) -> HttpResponse:
    def issue(due_on: date, seen: int | None) -> list[Statement]:
        return issue_closing(group, year, due_on=due_on, seen_ttc_cents=seen, actor_id=request.actor.person_id)

    return _page(request, group_in_reach(group), year, 0, issue)


def _page(request: Any, group: JointProcurement, year: int, rank: int, issue: Issue) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = CallForm(data, initial={"due_on": default_due_on()})
    if data is not None and form.is_valid():
        try:
            made = issue(form.cleaned_data["due_on"], form.cleaned_data["seen"])
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return _issued(request, group, year, made)
    one = prepared(group, year, rank)
    if one is None or (one.done and not form.errors):
        messages.info(request, _gone(group, year, rank, one))
        return HttpResponseRedirect(list_url(request.authority, group.id, year))
    return _shown(request, group, one, form)


def _shown(request: Any, group: JointProcurement, one: Prepared, form: CallForm) -> HttpResponse:
    house, call, found = request.authority, one.call, one.dues
    title = call_title(call.year, call.rank, call.count)
    context = {
        "title": title,
        "rank": call.rank,
        "year": call.year,
        "form": form,
        # The total is that of the page as it is shown now, also after a refusal.
        "seen": found.total.ttc if found else "",
        "total": found.total if found else None,
        "debtors": _debtors(one),
        "without_codes": _without_codes(group, one),
        "problem": one.problem,
        "estimates": _estimates(house, group, call.year) if not call.rank else [],
        "again": one.again,
        "costs_url": reverse("group_costs", args=[house.slug, group.id]),
        "back": list_url(house, group.id, call.year),
        "crumbs": list_crumbs(house, group, (title, "")),
    }
    status = 422 if form.errors else 200
    return group_page(request, "pooling/statements/call.html", group, "group_statements", context, status)


def _debtors(one: Prepared) -> list[Any]:
    """Each debtor with its total, and its lines with their fraction in figures."""
    if one.dues is None:
        return []
    return [
        (due.debtor, due.total, [(line, fraction(Fraction(line.share))) for line in due.lines])
        for due in one.dues.debtors
    ]


def _without_codes(group: JointProcurement, one: Prepared) -> list[str]:
    """Debtors that gave neither code nor number: the finance software may want them."""
    if one.dues is None:
        return []
    bare = Membership.objects.filter(group=group, service_code="", commitment="").values_list("member_id", flat=True)
    known = set(bare)
    return [due.debtor.name for due in one.dues.debtors if due.debtor.id in known]


def _estimates(house: Any, group: JointProcurement, year: int) -> list[tuple[str, int, str]]:
    return [
        (one.label, one.ht_cents, reverse("cost", args=[house.slug, group.id, one.id]))
        for one in estimates(group, year)
    ]


def _gone(group: JointProcurement, year: int, rank: int, one: Prepared | None) -> str:
    title = call_title(year, rank, group.instalments)
    if one is not None and not one.again:
        return _("{title}\u202f: il n’y a rien à appeler.").format(title=title)
    return _("{title}\u202f: c’est déjà fait, ou ce n’est plus possible. Voici où en est l’exercice.").format(
        title=title
    )


def _issued(request: Any, group: JointProcurement, year: int, made: list[Statement]) -> HttpResponse:
    total = sum(one.ttc_cents for one in made)
    done = ngettext(
        "{count} relevé est émis, {amount} TTC. Le débiteur est prévenu par courriel.",
        "{count} relevés sont émis, {amount} TTC en tout. Les débiteurs sont prévenus par courriel.",
        len(made),
    )
    messages.success(request, done.format(count=len(made), amount=euros(total)))
    return HttpResponseRedirect(f"{list_url(request.authority, group.id, year)}&vue=appeles")
