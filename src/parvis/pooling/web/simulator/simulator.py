"""The simulator of a group: its address is the scenario, so that a page is shared, kept or undone by its link."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement
from parvis.pooling.rules.scenario import MOST_CHANGES, MOST_LENGTH, Scenario, ScenarioRead, pairs, read, write
from parvis.pooling.rules.scenario_tried import tried
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.simulation_links import simulation_of
from parvis.pooling.selectors.simulations import Ground, Simulation, example_of, ground_of, simulation
from parvis.pooling.services.share_simulation import share_simulation
from parvis.pooling.services.simulation_csv import simulation_csv as csv_of
from parvis.pooling.services.simulation_pdf import simulation_file
from parvis.pooling.web.frame import crumbs, group_page
from parvis.pooling.web.simulator.addresses import address, shared_address
from parvis.pooling.web.simulator.forms import KINDS_OF_CHANGE, ChangeForm, ViewForm
from parvis.pooling.web.simulator.result import left_words, result_context, sentences


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.read")
def simulator(request: Any, group: UUID) -> HttpResponse:
    """GET shows a scenario, or the form of one more change; POST makes its public link."""
    one = group_in_reach(group)
    found, ground = _asked(request, one)
    if request.method == "POST":
        return _share(request, one, found.scenario)
    kind = request.GET.get("ajouter", "")
    if kind in KINDS_OF_CHANGE:
        return _change_page(request, ground, found.scenario, kind)
    return _result_page(request, ground, found)


@require_safe
@desk_page("pooling.read")
def simulator_pdf(request: Any, group: UUID) -> HttpResponse:
    sim = _simulated(request, group)
    said = sentences(sim, request.authority, yours=False)
    content = simulation_file(sim, request.authority, request.actor.full_name, said, left_words(sim))
    return _file(sim, content, "application/pdf", "pdf")


@require_safe
@desk_page("pooling.read")
def simulator_csv(request: Any, group: UUID) -> HttpResponse:
    sim = _simulated(request, group)
    return _file(sim, csv_of(sim).encode(), "text/csv; charset=utf-8", "csv")


def _asked(request: Any, group: JointProcurement) -> tuple[ScenarioRead, Ground]:
    """The scenario of the address, its year said, and what it is tried on."""
    found = read(request.META["QUERY_STRING"])
    ground = ground_of(group, found.scenario.year)
    scenario = Scenario(ground.year, found.scenario.measure, found.scenario.wishes)
    return ScenarioRead(scenario, found.problems), ground


def _simulated(request: Any, group_id: UUID) -> Simulation:
    found, ground = _asked(request, group_in_reach(group_id))
    return simulation(ground, found.scenario)


def _file(sim: Simulation, content: bytes, media: str, suffix: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media)
    name = f"simulation-{slugify(sim.ground.group.name)}-{sim.ground.year}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _share(request: Any, group: JointProcurement, scenario: Scenario) -> HttpResponse:
    try:
        key, _until = share_simulation(group.id, scenario, actor_id=request.actor.person_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(address(request, group.id, scenario))
    return HttpResponseRedirect(f"{address(request, group.id, scenario, lien=key)}#lien")


def _result_page(request: Any, ground: Ground, found: ScenarioRead) -> HttpResponse:
    """An empty scenario shows an example, so that the page teaches what it does."""
    house, group, asked = request.authority, ground.group, found.scenario
    shown = asked if asked.wishes or not ground.book.costs else example_of(ground, house)
    shown = Scenario(ground.year, asked.measure, shown.wishes)
    sim = simulation(ground, shown)
    context = {
        **result_context(
            sim, house, request.GET.get("pourquoi", ""), lambda siren: _why_url(request, group.id, asked, siren),
            yours=True,
        ),
        "example": not asked.wishes,
        "problems": found.problems,
        "costs_words": left_words(sim),
        "steps": [
            (step, address(request, group.id, asked.without(place))) for place, step in enumerate(sim.steps)
        ],
        "adds": [
            (label, purpose, address(request, group.id, asked, ajouter=kind))
            for kind, (label, purpose, _form) in KINDS_OF_CHANGE.items()
        ],
        "view_form": ViewForm(ground, asked.measure),
        "kept": pairs(Scenario(wishes=asked.wishes)),
        "here": address(request, group.id, asked),
        "start_url": address(request, group.id, shown),
        "blank_url": address(request, group.id, Scenario(ground.year, asked.measure)),
        "pdf_url": address(request, group.id, asked, "simulator_pdf"),
        "csv_url": address(request, group.id, asked, "simulator_csv"),
        **_link(request, group.id),
    }  # fmt: skip
    return _page(request, "simulator", group, context)


def _why_url(request: Any, group_id: UUID, scenario: Scenario, siren: str) -> str:
    return f"{address(request, group_id, scenario, pourquoi=siren)}#pourquoi"


def _link(request: Any, group_id: UUID) -> dict[str, Any]:
    """The public link just made, read again from its own key."""
    key = request.GET.get("lien", "")
    shared = simulation_of(key) if key else None
    if shared is None or shared.expired or shared.group_id != group_id or shared.authority_id != request.authority.id:
        return {"shared_url": "", "shared_until": None}
    return {"shared_url": shared_address(request.authority.slug, key), "shared_until": shared.until}


def _change_page(request: Any, ground: Ground, scenario: Scenario, kind: str) -> HttpResponse:
    label, _purpose, form_class = KINDS_OF_CHANGE[kind]
    book = tried(ground.book, scenario, ground.year).book
    form = form_class(request.GET if "faire" in request.GET else None, ground, book)
    if form.is_valid():
        more = scenario.plus(form.wish)
        if not _cannot(form, ground, more):
            return HttpResponseRedirect(address(request, ground.group.id, more))
    back = address(request, ground.group.id, scenario)
    context = {
        "form": form, "label": label, "kind": kind, "back": back, "kept": pairs(scenario),
        "crumbs": crumbs(
            request.authority, (_("Simulateur"), back), (_("Ajouter un changement"), ""), group=ground.group
        ),
    }  # fmt: skip
    return _page(request, "change", ground.group, context)


def _cannot(form: ChangeForm, ground: Ground, more: Scenario) -> bool:
    """Puts into the form why its change cannot be tried after the others."""
    if len(more.wishes) > MOST_CHANGES or len(write(more)) > MOST_LENGTH:
        words = _("Une simulation compte {most} changements au plus\u202f: retirez-en un d’abord.")
        form.add_error(None, words.format(most=MOST_CHANGES))
        return True
    problem = tried(ground.book, more, ground.year).steps[-1].problem
    if problem:
        form.add_error(None, problem)
    return bool(problem)


def _page(request: Any, name: str, group: JointProcurement, context: dict[str, Any]) -> HttpResponse:
    base = {"crumbs": crumbs(request.authority, (_("Simulateur"), ""), group=group)}
    return group_page(request, f"pooling/simulator/{name}.html", group, "simulator", {**base, **context})
