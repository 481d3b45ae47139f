"""The page of an agreement: where it stands, what comes next, its dates, papers, versions and facts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import AgreementState, PaperKind, SharingAgreement, Side
from parvis.pooling.rules.agreement import ONE_DAY, anniversary
from parvis.pooling.selectors.agreements import (
    DELIBERATIONS,
    agreement_facts,
    agreement_in_reach,
    agreements_of,
    in_force_or_to_come,
    missing_deliberations,
    parties,
    side_of,
    versions_of,
)
from parvis.pooling.selectors.papers import papers_of
from parvis.pooling.selectors.today import today
from parvis.pooling.services.attach_agreement_paper import attach_agreement_paper, papers_to_bring
from parvis.pooling.web.agreements.facts import timeline
from parvis.pooling.web.agreements.forms import LIMITS, PaperForm
from parvis.pooling.web.agreements.words import dates, day_words, days_left_words, state_words
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import Crumb, crumbs


def agreement_crumbs(house: Any, agreement: SharingAgreement, *more: Crumb) -> list[Crumb]:
    own = house.id == agreement.commune_id
    above = [] if own else [(_("Conventions"), reverse("agreements", args=[house.slug]))]
    return crumbs(house, *above, (agreement.number, page_url(house, agreement)), *more)


def page_url(house: Any, agreement: SharingAgreement) -> str:
    return reverse("agreement", args=[house.slug, agreement.id])


def own_agreement(agreement_id: UUID) -> SharingAgreement:
    """The agreement, for the agglomeration alone. Raises Http404 for the commune, whose page shows no way there."""
    found = agreement_in_reach(agreement_id)
    if side_of(found) is not Side.AGGLOMERATION:
        raise Http404(_("Seule l’agglomération prépare, signe et modifie la convention. Revenez à votre convention."))
    return found


def rights(request: Any, agreement: SharingAgreement) -> dict[str, bool]:
    """What whoever asks may do to it now: write it, take part for their side."""
    house, side = request.authority, side_of(agreement)
    writes = side is Side.AGGLOMERATION and request.actor.may("pooling.coordinate", house.id)
    takes_part = request.actor.may("pooling.take_part", house.id)
    draft, live = agreement.state == AgreementState.DRAFT, in_force_or_to_come(agreement)
    running = live and agreement.state == AgreementState.RUNNING
    return {
        "may_edit": writes and draft,
        "may_amend": writes and live,
        "may_terminate": writes and live,
        "may_give_notice": takes_part and running,
        "may_attach": takes_part and bool(papers_to_bring(agreement, side)),
        "may_prepare_next": writes and _next_is_near(agreement),
    }


def _next_is_near(agreement: SharingAgreement) -> bool:
    """Whether the next agreement may be prepared: in the last year, or after the end, and none is there yet."""
    rows = agreements_of(agreement.commune_id)
    if any(one.state == AgreementState.DRAFT for one in rows):
        return False
    last = max((one.ends_on for one in rows if in_force_or_to_come(one) and one.ends_on), default=None)
    if last is None:
        return agreement.state != AgreementState.DRAFT
    return agreement.ends_on == last and last <= anniversary(today(), 1)


@require_safe
@desk_page("pooling.read")
def agreement(request: Any, agreement: UUID) -> HttpResponse:
    found = agreement_in_reach(agreement)
    return _page(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.take_part")
def attach(request: Any, agreement: UUID) -> HttpResponse:
    """A paper of either side, on a page of its own."""
    house, found = request.authority, agreement_in_reach(agreement)
    side = side_of(found)
    kinds = papers_to_bring(found, side)
    if not kinds:
        messages.info(request, _("Il n’y a pas de pièce à joindre à cette convention pour le moment."))
        return HttpResponseRedirect(page_url(house, found))
    wanted = request.GET.get("piece", "")
    draft = found.state == AgreementState.DRAFT
    missing = [DELIBERATIONS[one] for one in missing_deliberations(found)] if draft else list(kinds)
    likely = [one for one in missing if one in kinds]
    initial = {"kind": wanted if wanted in kinds else likely[0] if len(likely) == 1 else ""}
    sent = request.method == "POST"
    form = PaperForm(
        request.POST if sent else None, request.FILES if sent else None, kinds=kinds, draft=draft, initial=initial
    )
    if sent and form.is_valid():
        values = form.cleaned_data
        try:
            attach_agreement_paper(
                found.id, PaperKind(values["kind"]), title=values["title"], dated=values["dated"],
                stream=values["file"], name=values["file"].name, actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La pièce est jointe\u202f: les deux parties la lisent."))
            return HttpResponseRedirect(page_url(house, found))
    context = {
        "agreement": found, "form": form, "limits": LIMITS, "back": page_url(house, found),
        "crumbs": agreement_crumbs(house, found, (_("Joindre une pièce"), "")),
        "draft": draft,
    }  # fmt: skip
    return render(request, "pooling/agreements/attach.html", context)


def _page(request: Any, found: SharingAgreement) -> HttpResponse:
    house, side = request.authority, side_of(found)
    whole, commune = parties(found)
    papers, versions, may = papers_of(found.id), versions_of(found), rights(request, found)
    missing = missing_deliberations(found, papers) if found.state == AgreementState.DRAFT else ()
    others = [one for one in agreements_of(found.commune_id) if one.id != found.id]
    may_export = side is Side.COMMUNE and request.actor.may("registers.read", house.id)
    context = {
        "agreement": found,
        "whole": whole,
        "commune": commune,
        "own_side": side.value,
        "crumbs": agreement_crumbs(house, found),
        "state": state_words(found),
        "next_words": _next_words(found, missing, (whole.name, commune.name)),
        "missing": missing,
        "copy_missing": found.signed_on is not None
        and not any(one.kind == PaperKind.SIGNED_AGREEMENT for one in papers),
        "dates": dates(found, (whole.name, commune.name)),
        "access": _access(found, commune),
        "papers": papers,
        "versions": versions,
        "today": today(),
        "timeline": timeline(agreement_facts(found), (whole, commune)),
        "others": [(one, state_words(one), page_url(house, one)) for one in others],
        "export_url": reverse("export", args=[house.slug]) if may_export else "",
        "next_url": f"{reverse('agreement_new', args=[house.slug])}?commune={commune.slug}",
        **may,
    }
    return render(request, "pooling/agreements/agreement.html", context)


def _access(found: SharingAgreement, commune: Any) -> tuple[str, str]:
    """What the commune's tool of procurement is today by its dates, and why."""
    day = today()
    first, until = commune.procurement_from, commune.procurement_until
    why = _("L’accès s’ouvre à la date d’effet et se ferme le lendemain du dernier jour, de lui-même. Deux conventions")
    why = f"{why} {_('qui se suivent sans jour entre elles ne le ferment pas.')}"
    if first is None:
        return _("fermé\u202f: il s’ouvrira à la date d’effet"), why
    if day < first:
        return _("fermé\u202f: il s’ouvre le {day}").format(day=day_words(first)), why
    if until is not None and day >= until:
        return _("en lecture seule depuis le {day}").format(day=day_words(until)), why
    if until is None:
        return _("ouvert, sans date de fin"), _("Aucune convention signée ne lui fixe encore de fin.")
    return _("ouvert jusqu’au {day}").format(day=day_words(until - ONE_DAY)), why


def _next_words(found: SharingAgreement, missing: tuple[Side, ...], names: tuple[str, str]) -> str:
    """The next step in one or two sentences, the same for both sides."""
    whole, commune = names
    if found.state == AgreementState.DRAFT:
        who = {Side.AGGLOMERATION: whole, Side.COMMUNE: commune}
        if missing:
            wanted = _(" et ").join(who[side] for side in missing)
            return _("Prochaine étape\u202f: joindre la délibération de {who}.").format(who=wanted)
        return _("Les deux délibérations sont jointes. Prochaine étape\u202f: signer, puis noter la signature ici.")
    if found.signed_on is None:
        return _("Elle n’a jamais été signée. Raison\u202f: {reason}").format(reason=found.end_reason)
    if found.starts_on is None or found.ends_on is None:
        return ""
    last = day_words(found.ends_on - ONE_DAY)
    if found.state == AgreementState.ENDED or found.ends_on <= today():
        reason = f" {_('Raison')}\u202f: {found.end_reason}" if found.end_reason else ""
        return _("{name} lit et exporte toujours toutes ses données.").format(name=commune) + reason
    if found.state == AgreementState.NOTICE:
        return _("Dernier jour\u202f: le {day}, dans {left}. Le lendemain, l’outil passe en lecture seule.").format(
            day=last, left=days_left_words(found)
        )
    if today() < found.starts_on:
        return _("L’accès {of} s’ouvre de lui-même le {day}. Il n’y a rien à faire.").format(
            of=_("de {name}").format(name=commune), day=day_words(found.starts_on)
        )
    return _("L’outil est ouvert. Sans préavis, la convention se reconduit jusqu’au {day}.").format(day=last)
