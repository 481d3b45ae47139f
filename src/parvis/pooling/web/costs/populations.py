"""The populations that the keys read: who has how many inhabitants, and where the figures come from."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement
from parvis.pooling.rules.populations import KINDS_OF_POPULATION, Counted, read_pasted
from parvis.pooling.selectors.first_key import key_histories
from parvis.pooling.selectors.populations import (
    pasted_places,
    places_in,
    population_table,
    proposed,
    usual_year,
)
from parvis.pooling.selectors.reach import coordinates, group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.record_population import record_population
from parvis.pooling.web.costs.access import address, costs_page
from parvis.pooling.web.costs.forms import ColumnForm, PasteForm, PopulationsForm
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.groups.access import coordinated_group

FORM_METHODS = ["GET", "HEAD", "POST"]
PART = "group_populations"


@require_safe
@desk_page("pooling.read")
def group_populations(request: Any, group: UUID) -> HttpResponse:
    found = group_in_reach(group)
    table = population_table(found)
    writes = coordinates(found) and request.actor.may("pooling.coordinate", request.authority.id)
    new_url = address(request, "populations_new", found.id)
    context = {
        "table": table,
        "heads": [f"{KINDS_OF_POPULATION.get(kind, kind)} {year}" for kind, year in table.columns],
        "columns": [(f"{KINDS_OF_POPULATION.get(kind, kind)} {year}", "num") for kind, year in table.columns],
        "read": _read_by(found),
        "new_url": new_url if writes else "",
        "edit_urls": [f"{new_url}?kind={kind}&year={year}" if writes else "" for kind, year in table.columns],
        "paste_url": address(request, "populations_paste", found.id) if writes else "",
    }
    return costs_page(request, "populations", found, context, part=PART)


def _read_by(group: JointProcurement) -> list[tuple[str, str]]:
    """Each key that reads a population, and which."""
    rows = [one.now.row for one in key_histories(group, today())]
    return [(row.name, f"{row.population_kind} {row.reference_year}") for row in rows if row.formula != "single_payer"]


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def populations_new(request: Any, group: UUID) -> HttpResponse:
    """One figure a member, of the kind and year of the address; proposed from what each authority says of itself."""
    found = coordinated_group(group)
    kind, year = _column(request, found)
    known = proposed(found, kind, year)
    members = [(one.member_id, one.member.name) for one in places_in(found)]
    form = PopulationsForm(request.POST if request.method == "POST" else None, members=members, known=known)
    if form.is_valid() and _record(request, found, form, form.counted(kind, year)):
        return HttpResponseRedirect(address(request, PART, found.id))
    context = {
        "form": form, "kind": KINDS_OF_POPULATION[kind], "kind_code": kind, "year": year,
        "column_form": ColumnForm(initial={"kind": kind, "year": year}), "known": len(known),
        "back": address(request, PART, found.id),
    }  # fmt: skip
    return costs_page(request, "populations_new", found, context, (_("Écrire"), ""), part=PART)


def _column(request: Any, group: JointProcurement) -> tuple[str, int]:
    """Of the address; by default what most members say of themselves."""
    form = ColumnForm(request.GET)
    return (form.cleaned_data["kind"], form.cleaned_data["year"]) if form.is_valid() else usual_year(group)


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def populations_paste(request: Any, group: UUID) -> HttpResponse:
    """Several years at once, from a sheet; nothing is recorded while a line is not understood."""
    found = coordinated_group(group)
    form = PasteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        read = read_pasted(form.cleaned_data["table"], pasted_places(found), form.cleaned_data["kind"])
        for problem in read.problems:
            form.add_error("table", problem)
        if not read.problems and _record(request, found, form, list(read.counted)):
            return HttpResponseRedirect(address(request, PART, found.id))
    context = {"form": form, "back": address(request, PART, found.id)}
    return costs_page(request, "populations_paste", found, context, (_("Coller un tableau"), ""), part=PART)


def _record(request: Any, group: JointProcurement, form: Any, counted: list[Counted]) -> bool:
    try:
        changed = record_population(
            group.id, counted, source=form.cleaned_data["source"], actor_id=request.actor.person_id
        )
    except Refusal as refusal:
        add_refusal(form, refusal)
        return False
    words = ngettext("{count} population enregistrée.", "{count} populations enregistrées.", changed)
    messages.success(request, words.format(count=changed) if changed else _("Ces chiffres étaient déjà enregistrés."))
    return True
