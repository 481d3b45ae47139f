"""What the coordinator has to do and by when, and the disputes of the group."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import authority, desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import CoordinatorTask, Dispute, DisputeState
from parvis.pooling.rules.tasks import BY_CODE
from parvis.pooling.selectors.coordinator_tasks import coordinator_tasks
from parvis.pooling.selectors.papers import papers_of
from parvis.pooling.selectors.reach import group_in_reach, reach
from parvis.pooling.services.add_task import add_task
from parvis.pooling.services.close_dispute import close_dispute
from parvis.pooling.services.complete_task import complete_task
from parvis.pooling.services.open_dispute import open_dispute
from parvis.pooling.services.reopen_task import reopen_task
from parvis.pooling.services.save_task import save_task
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import crumbs, group_page
from parvis.pooling.web.groups.access import coordinated_group, runs
from parvis.pooling.web.groups.dates import due_items
from parvis.pooling.web.groups.forms import CloseDisputeForm, DisputeForm, DoneForm, DutyForm, TaskForm


@require_safe
@desk_page("pooling.read")
def tasks(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, group_in_reach(group)
    rows = coordinator_tasks(found)
    mine = runs(request, found)
    disputes = Dispute.objects.filter(group=found)
    first = next((one.task.id for one in rows if one.done is None and not one.before), None)
    context = {
        "first": first,
        "rows": [
            (one, reverse("task", args=[house.slug, found.id, one.task.id]) if mine and not one.seen else "")
            for one in rows
        ],
        "done": sum(one.done is not None for one in rows),
        "late": sum(one.late for one in rows),
        "before": sum(one.before for one in rows),
        "due": due_items(house, found, rows),
        "disputes": [(one, reverse("dispute", args=[house.slug, found.id, one.id])) for one in disputes],
        "coordinator": authority(found.authority_id),
        "crumbs": crumbs(house, (_("Suivi du coordinateur"), ""), group=found),
    }
    return group_page(request, "pooling/groups/tasks.html", found, "group_tasks", context)


def _back(house: Any, group: Any) -> str:
    return reverse("group_tasks", args=[house.slug, group.id])


def _crumbs(house: Any, group: Any, label: str) -> list[tuple[str, str]]:
    return crumbs(house, (_("Suivi du coordinateur"), _back(house, group)), (label, ""), group=group)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def new_task(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, coordinated_group(group)
    form = TaskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_task(found.id, **form.cleaned_data, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La tâche est dans la liste."))
            return HttpResponseRedirect(_back(house, found))
    context = {"form": form, "back": _back(house, found), "crumbs": _crumbs(house, found, _("Nouvelle tâche"))}
    return group_page(request, "pooling/groups/task_new.html", found, "group_tasks", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def task(request: Any, group: UUID, task: UUID) -> HttpResponse:
    """Noted as done, to do again, or dated: by `verb`."""
    house, found = request.authority, coordinated_group(group)
    row = reach(CoordinatorTask, task, group=found)
    [shown] = [one for one in coordinator_tasks(found) if one.task.id == row.id]
    posted = request.POST if request.method == "POST" else None
    verb = request.POST.get("verb", "")
    kind = DutyForm if row.code else TaskForm
    edit = kind(
        posted if verb == "save" else None, initial={"label": row.label, "due_on": row.due_on, "note": row.note}
    )
    done = DoneForm(posted if verb == "done" else None, initial={"note": row.note}, auto_id="fait_%s")
    try:
        said = _changed(request, row, verb, edit, done)
    except Refusal as refusal:
        add_refusal(edit if edit.is_bound else done, refusal)
        said = ""
    if said:
        messages.success(request, said)
        return HttpResponseRedirect(_back(house, found))
    context = {
        "row": shown, "edit": edit, "done": done, "back": _back(house, found), "duty": BY_CODE.get(row.code),
        "crumbs": _crumbs(house, found, row.label),
    }  # fmt: skip
    return group_page(request, "pooling/groups/task.html", found, "group_tasks", context)


def _changed(request: Any, row: CoordinatorTask, verb: str, edit: Any, done: Any) -> str:
    """What was done, in words; "" when nothing was. Raises Refusal."""
    actor_id = request.actor.person_id
    if verb == "save" and edit.is_valid():
        save_task(row.id, **edit.cleaned_data, actor_id=actor_id)
        return _("La tâche est enregistrée.")
    if verb == "done" and done.is_valid():
        complete_task(row.id, **done.cleaned_data, actor_id=actor_id)
        return _("«\u202f{label}\u202f» est noté comme fait.").format(label=row.label)
    if verb == "reopen":
        reopen_task(row.id, actor_id=actor_id)
        return _("«\u202f{label}\u202f» est de nouveau à faire.").format(label=row.label)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def new_dispute(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, coordinated_group(group)
    posted = request.method == "POST"
    form = DisputeForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        values = form.cleaned_data
        file = values.pop("file")
        files = [(file.name, file)] if file else []
        try:
            made = open_dispute(found.id, **values, files=files, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le litige est noté. Les membres le lisent."))
            return HttpResponseRedirect(reverse("dispute", args=[house.slug, found.id, made.id]))
    context = {"form": form, "back": _back(house, found), "crumbs": _crumbs(house, found, _("Nouveau litige"))}
    return group_page(request, "pooling/groups/dispute_new.html", found, "group_tasks", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.read")
def dispute(request: Any, group: UUID, dispute: UUID) -> HttpResponse:
    """Read by every member; closed by the coordinator."""
    house, found = request.authority, group_in_reach(group)
    row = reach(Dispute, dispute, group=found)
    closing = runs(request, found) and row.state == DisputeState.OPEN
    form = CloseDisputeForm(request.POST if request.method == "POST" and closing else None)
    if form.is_bound and form.is_valid():
        try:
            close_dispute(row.id, **form.cleaned_data, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le litige est réglé."))
            return HttpResponseRedirect(request.path)
    context = {
        "row": row, "form": form, "closing": closing, "papers": papers_of(row.id), "back": _back(house, found),
        "crumbs": _crumbs(house, found, row.subject),
    }  # fmt: skip
    return group_page(request, "pooling/groups/dispute.html", found, "group_tasks", context)
