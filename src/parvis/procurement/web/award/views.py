"""The award of an opened consultation, typed by its buyer: of the whole contract, or lot after lot."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.procurement.contracts import AwardView
from parvis.procurement.models import Consultation, Lot
from parvis.procurement.selectors.awards import award_of, awards_of
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.selectors.results import bidders_of
from parvis.procurement.services.complete_award import complete_award
from parvis.procurement.services.correct_award import correct_award
from parvis.procurement.services.record_award import record_award
from parvis.procurement.web.award.forms import AwardForm, DatesForm


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("consultation.pursue")
def record(request: Any, consultation: UUID) -> HttpResponse:
    """`?lot=2`: that lot; without it, the first that has no award. One page records one award."""
    found, house = consultation_for_desk(consultation), request.authority
    file_url = reverse("desk_consultation", args=[house.slug, found.id])
    if found.state != "opened":
        messages.info(request, _not_now(found))
        return HttpResponseRedirect(file_url)
    page_url = reverse("record_award", args=[house.slug, found.id])
    lots = list(Lot.objects.filter(consultation=found).order_by("number"))
    lot = _lot(request.GET.get("lot", ""), found, lots)
    form = AwardForm(request.POST if request.method == "POST" else None, found, lot, bidders_of(found, lot))
    if request.method == "POST" and form.is_valid() and (gone := _recorded(request, found, lot, form)):
        return gone
    awarded = {one.lot: one for one in awards_of(found.id)}
    context = {
        "consultation": found,
        "lot": lot,
        "lots": [(one, awarded.get(one.number), f"{page_url}?lot={one.number}") for one in lots],
        "form": form,
        "file_url": file_url,
    }
    return render(request, "procurement/award/record.html", context, status=422 if form.errors else 200)


def _not_now(found: Consultation) -> str:
    if found.state == "awarded":
        return _("L’attribution est déjà enregistrée\u202f: la voici, dans le dossier.")
    return _("L’attribution s’enregistre une fois les plis ouverts en séance.")


def _lot(asked: str, found: Consultation, lots: list[Lot]) -> Lot | None:
    """The lot that the page is about; None without lots. Raises Http404 for a number that is none."""
    if not asked:
        return next((one for one in lots if award_of(found.id, one.number) is None), None)
    for one in lots:
        if str(one.number) == asked and award_of(found.id, one.number) is None:
            return one
    raise Http404(_("Ce lot n’existe pas, ou il est déjà attribué. Le dossier montre où en est chacun."))


def _recorded(request: Any, found: Consultation, lot: Lot | None, form: AwardForm) -> HttpResponse | None:
    """Where to go once it is recorded; None when it is refused, with the reason in the form."""
    try:
        made = record_award(found.id, form.terms(), lot=lot.number if lot else None, actor_id=request.actor.person_id)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    message = _("Attribution à %(name)s enregistrée. Elle paraît sur la page publique de la consultation.")
    messages.success(request, message % {"name": made.contractor_name})
    left = consultation_for_desk(found.id).state == "opened"
    return HttpResponseRedirect(
        reverse("record_award" if left else "desk_consultation", args=[request.authority.slug, found.id])
    )


def _award(found: Consultation, award_id: UUID) -> AwardView:
    """Raises Http404 for one of another consultation."""
    for one in awards_of(found.id):
        if one.id == award_id:
            return one
    raise Http404(_("Cette attribution n’existe pas, ou n’est pas celle de cette consultation."))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("consultation.pursue")
def correct(request: Any, consultation: UUID, award: UUID) -> HttpResponse:
    """A mistake of the entry put right, as long as the contract is not notified."""
    found, house = consultation_for_desk(consultation), request.authority
    known = _award(found, award)
    file_url = reverse("desk_consultation", args=[house.slug, found.id])
    if known.notified_on:
        messages.info(request, _("Ce marché est notifié\u202f: son attribution ne se corrige plus ici."))
        return HttpResponseRedirect(file_url)
    lot = Lot.objects.filter(consultation=found, number=known.lot).first()
    form = AwardForm(request.POST if request.method == "POST" else None, found, lot, bidders_of(found, lot), known)
    if request.method == "POST" and form.is_valid():
        try:
            correct_award(known.id, form.terms(), why=form.cleaned_data["why"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("L’attribution est corrigée, et la page publique aussi."))
            return HttpResponseRedirect(file_url)
    context = {"consultation": found, "lot": lot, "award": known, "form": form, "file_url": file_url}
    return render(request, "procurement/award/correct.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("consultation.pursue")
def complete(request: Any, consultation: UUID, award: UUID) -> HttpResponse:
    """The days of signature and notification, when they come."""
    found, house = consultation_for_desk(consultation), request.authority
    known = _award(found, award)
    file_url = reverse("desk_consultation", args=[house.slug, found.id])
    if known.signed_on and known.notified_on:
        messages.info(request, _("La signature et la notification sont déjà datées."))
        return HttpResponseRedirect(file_url)
    form = DatesForm(request.POST if request.method == "POST" else None, known)
    if request.method == "POST" and form.is_valid():
        try:
            complete_award(known.id, **form.cleaned_data, actor_id=request.actor.person_id)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("C’est enregistré, et visible sur la page publique."))
            return HttpResponseRedirect(file_url)
    context = {"consultation": found, "award": known, "form": form, "file_url": file_url}
    return render(request, "procurement/award/complete.html", context, status=422 if form.errors else 200)
