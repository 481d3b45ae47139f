"""What the coordinator writes of a framework agreement."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.clock import PARIS
from parvis.kit.errors import Refusal
from parvis.pooling.models import FrameworkAgreement, FrameworkAmendment, JointProcurement, PaperKind
from parvis.pooling.rules.kinds import KINDS
from parvis.pooling.rules.schedule import HEADER, PriceRow
from parvis.pooling.rules.schedule import write_schedule as schedule_text
from parvis.pooling.selectors.frameworks import entitlement, prices_on
from parvis.pooling.selectors.today import today
from parvis.pooling.services.amend_framework import amend_framework
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.correct_earlier import correct_earlier
from parvis.pooling.services.correct_entitlement import correct_entitlement
from parvis.pooling.services.record_framework import record_framework
from parvis.pooling.services.save_framework import is_bound, save_framework
from parvis.pooling.services.write_schedule import write_schedule
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.orders.access import (
    FORM_METHODS,
    address,
    coordinated,
    coordinated_framework,
    framework_address,
    framework_page,
    to_framework,
)
from parvis.pooling.web.orders.framework_forms import (
    AmendForm,
    EarlierForm,
    EntitlementForm,
    FrameworkForm,
    ScheduleForm,
    as_uuid,
    award_initial,
    earlier_initial,
    earlier_of,
    proof_of,
    terms_initial,
)
from parvis.procurement import facade as procurement


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def framework_new(request: Any, group: UUID) -> HttpResponse:
    """Born of an award (`?attribution=`), or of an existing contract (`?reprise=1`); first, which of the two."""
    one = coordinated(group)
    award = _asked_award(request, one)
    if award is None and not request.GET.get("reprise"):
        choice = {
            "awards": [(each, f"?attribution={each.id}") for each in _waiting_awards(one)],
            "existing_url": "?reprise=1",
        }  # fmt: skip
        return framework_page(request, "framework_source", one, choice, (_("Nouvel accord-cadre"), ""))
    posted = request.method == "POST"
    form = FrameworkForm(
        request.POST if posted else None, request.FILES if posted else None, initial=_initial(award),
        fresh=award is None, earlier=award is None or award.consultation_id is None,
    )  # fmt: skip
    if posted and form.is_valid():
        try:
            made = record_framework(
                one.id, form.terms(), award_id=award.id if award else None, proof=proof_of(form.cleaned_data),
                actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("L’accord-cadre est enregistré. Il lui faut maintenant son bordereau de prix."))
            return HttpResponseRedirect(framework_address(request, made, "framework_schedule"))
    context = {"form": form, "award": award, "back": address(request, "group_frameworks", one.id), "bound": False}
    return framework_page(request, "framework_form", one, context, (_("Nouvel accord-cadre"), ""))


def _waiting_awards(group: JointProcurement) -> list[procurement.AwardView]:
    """Framework agreements that the coordinator awarded, and that no group has taken up yet."""
    taken = set(FrameworkAgreement.objects.filter(award_id__isnull=False).values_list("award_id", flat=True))
    return [one for one in procurement.awards() if one.framework and one.id not in taken]


def _asked_award(request: Any, group: JointProcurement) -> procurement.AwardView | None:
    wanted = as_uuid(request.GET.get("attribution", ""))
    if wanted is None:
        return None
    found = next((one for one in _waiting_awards(group) if one.id == wanted), None)
    if found is None:
        raise Http404(_("Cette attribution n’est pas celle d’un accord-cadre à reprendre."))
    return found


def _initial(award: procurement.AwardView | None) -> dict[str, Any]:
    if award is None:
        return {}
    initial = award_initial(award)
    if award.consultation_id is not None:
        line = procurement.consultation_line(award.consultation_id)
        if line is not None and line.published_at is not None:
            initial["launched_on"] = line.published_at.astimezone(PARIS).date()
    return initial


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def framework_edit(request: Any, group: UUID, framework: UUID) -> HttpResponse:
    one = coordinated_framework(group, framework)
    posted = request.POST if request.method == "POST" else None
    form = FrameworkForm(posted, initial=terms_initial(one), fresh=False, earlier=False)
    if posted is not None and form.is_valid():
        try:
            save_framework(one.id, form.terms(), actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("L’accord-cadre est corrigé."))
            return to_framework(request, one)
    context = {"form": form, "award": None, "back": framework_address(request, one), "bound": is_bound(one)}
    return framework_page(request, "framework_form", one.group, context, (_("Corriger"), ""), framework=one)


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def framework_schedule(request: Any, group: UUID, framework: UUID) -> HttpResponse:
    one = coordinated_framework(group, framework)
    posted = request.method == "POST"
    form = ScheduleForm(
        request.POST if posted else None, request.FILES if posted else None, initial={"sheet": _sheet(one)}
    )
    if posted and form.is_valid():
        try:
            write_schedule(one.id, form.cleaned_data["rows"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le bordereau des prix est enregistré."))
            return to_framework(request, one)
    context = {
        "form": form, "columns": HEADER, "kinds": [kind.label for kind in KINDS.values()], "bound": is_bound(one),
        "back": framework_address(request, one), "amend_url": framework_address(request, one, "framework_amend"),
    }  # fmt: skip
    return framework_page(request, "schedule", one.group, context, (_("Bordereau des prix"), ""), framework=one)


def _sheet(framework: FrameworkAgreement) -> str:
    rows = [
        PriceRow(line.code, line.label, line.kind, line.unit, line.unit_cents, line.vat_rate, line.for_eservice)
        for line in prices_on(framework, max(today(), framework.starts_on))
    ]
    return schedule_text(rows) if rows else ""


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def framework_amend(request: Any, group: UUID, framework: UUID) -> HttpResponse:
    one = coordinated_framework(group, framework)
    posted = request.method == "POST"
    form = AmendForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            row = _amend(one, form, request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("L’avenant {number} est enregistré.").format(number=row.number))
            return to_framework(request, one)
    context = {"form": form, "back": framework_address(request, one), "columns": HEADER}
    return framework_page(request, "amend", one.group, context, (_("Avenant"), ""), framework=one)


@transaction.atomic
def _amend(one: FrameworkAgreement, form: AmendForm, actor_id: UUID) -> FrameworkAmendment:
    """The amendment and its paper, or neither."""
    row = amend_framework(one.id, form.amendment(), actor_id=actor_id)
    if file := form.cleaned_data["file"]:
        attach_paper(
            one.id, one.circle_id, PaperKind.AMENDMENT, _("Avenant {number}").format(number=row.number), file,
            owner_id=one.authority_id, name=file.name, dated=row.signed_on, actor_id=actor_id,
        )  # fmt: skip
    return row


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def framework_earlier(request: Any, group: UUID, framework: UUID) -> HttpResponse:
    """What was ordered before the take-up; nothing of the kind for a contract born of a consultation of here."""
    one = coordinated_framework(group, framework)
    posted = request.method == "POST"
    form = EarlierForm(
        request.POST if posted else None, request.FILES if posted else None, initial=earlier_initial(one)
    )
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            correct_earlier(
                one.id, earlier_of(said), reason=said["reason"], proof=proof_of(said), actor_id=request.actor.person_id
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Ce qui était commandé avant Parvis est corrigé."))
            return to_framework(request, one)
    context = {
        "form": form, "back": framework_address(request, one), "orders_cents": one.used_cents - one.earlier_cents,
    }  # fmt: skip
    return framework_page(request, "earlier", one.group, context, (_("Commandé avant Parvis"), ""), framework=one)


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def framework_member(request: Any, group: UUID, framework: UUID, member: UUID) -> HttpResponse:
    one = coordinated_framework(group, framework)
    row = next((each for each in entitlement(one) if each.member.id == member), None)
    if row is None:
        raise Http404(_("Cette collectivité n’est pas membre du groupement."))
    posted = request.POST if request.method == "POST" else None
    form = EntitlementForm(posted, initial={"identified": "yes" if row.identified else "no", "because": row.because})
    if posted is not None and form.is_valid():
        said = form.cleaned_data
        try:
            correct_entitlement(
                one.id, member, identified=said["identified"] == "yes", because=said["because"],
                actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("C’est noté pour {name}.").format(name=row.member.name))
            return to_framework(request, one)
    context = {"form": form, "row": row, "back": framework_address(request, one)}
    return framework_page(request, "entitlement", one.group, context, (row.member.name, ""), framework=one)
