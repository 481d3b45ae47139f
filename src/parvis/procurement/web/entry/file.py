"""The file of one consultation: its facts in the order of law, what is due, what happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import AuthorityView, access_notice, desk_page
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.contracts import AwardView
from parvis.procurement.labels import group_words, status
from parvis.procurement.models import Consultation, Download
from parvis.procurement.rules import limits, limits_text
from parvis.procurement.selectors.awards import awards_of
from parvis.procurement.selectors.consultations import consultation_for_desk, deadline_of
from parvis.procurement.selectors.desk import deposits_count
from parvis.procurement.selectors.documents import documents_of
from parvis.procurement.selectors.group import group_names
from parvis.procurement.selectors.keys import keys_ready, opening_keys
from parvis.procurement.services.cancel_draft import cancel_draft
from parvis.procurement.services.publish_consultation import Incomplete, publish_consultation
from parvis.procurement.web.entry.steps import step_url
from parvis.procurement.web.entry.summary import ToDo, summary
from parvis.procurement.web.entry.timeline import timeline_of

# The opening starts no earlier: requests stamped before the deadline must have landed (docs/flows/sealed-bid.md).
PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Due:
    what: str
    who: str
    at: datetime | None = None
    url: str = ""


@require_safe
@desk_page("consultation.read")
def desk_consultation(request: Any, consultation: UUID) -> HttpResponse:
    found, house = consultation_for_desk(consultation), request.authority
    may_write = request.actor.may("consultation.write", house.id)
    draft = found.state == "draft"
    notice = access_notice(house) if draft else None
    frozen = notice is not None and notice.closed
    whole, urls = summary(found, house), _urls(found, house, request.actor)
    if frozen:
        urls["rehearsal"] = ""
    keys = keys_ready(found.id) if draft and not frozen else []
    awards = [(one, _award_urls(one, house, urls)) for one in awards_of(found.id)]
    context = {
        "consultation": found,
        "status": status(found.state, found.deadline),
        "next_step": notice.title if notice and frozen else _next_step(found, whole.todo, keys),
        "summary": whole,
        "due": [] if frozen else [*_due(found, urls, whole.todo, keys), *_due_of_awards(awards)],
        "keys_problems": keys,
        "ready": draft and not frozen and not whole.todo and not keys,
        "may_write": may_write,
        "may_pursue": request.actor.may("consultation.pursue", house.id),
        "may_publish": request.actor.may("consultation.publish", house.id),
        "open": found.state == "published" and clock.now() <= deadline_of(found),
        "documents": documents_of(found),
        "keys": opening_keys(found.id),
        "deposits": deposits_count(found),
        "downloads": Download.objects.filter(consultation=found).count(),
        "awards": awards,
        "timeline": timeline_of(found),
        "limits": limits_text(limits("documents")),
        "urls": urls,
    }
    return render(request, "procurement/desk/file.html", context)


# Each page of the file and who may open it; "" is for everyone who reads the file.
_PAGES = {
    "ceremony": "keys.ceremony",
    "rehearsal": "keys.hold",
    "opening": "opening.attend",
    "publish_consultation": "consultation.publish",
    "cancel_draft": "consultation.write",
    "add_after_publication": "consultation.pursue",
    "record_award": "consultation.pursue",
    "download_register": "registers.read",
    "deposit_register": "registers.read",
    "consultation": "",
    "desk_consultation": "",
}


def _urls(found: Consultation, house: AuthorityView, actor: Any) -> dict[str, str]:
    """The addresses of the file's pages, "" for one that would be refused: nobody is led to a closed door."""

    def may(permission: str) -> bool:
        return not permission or actor.may(permission, house.id)

    urls = {name: reverse(name, args=[house.slug, found.id]) if may(need) else "" for name, need in _PAGES.items()}
    return urls | {"edit": step_url(house.slug, found.id, "objet") if may("consultation.write") else ""}


def _next_step(found: Consultation, todo: list[ToDo], keys: list[str]) -> str:
    if found.state == "draft":
        if todo:
            count = len(todo)
            return ngettext(
                "Prochaine étape\u202f: compléter la saisie, il manque %(n)d réponse.",
                "Prochaine étape\u202f: compléter la saisie, il manque %(n)d réponses.",
                count,
            ) % {"n": count}
        return (
            _("Prochaine étape\u202f: préparer les clés.") if keys else _("Tout est prêt\u202f: vous pouvez publier.")
        )
    if found.state == "published":
        if clock.now() <= deadline_of(found):
            return _("Les entreprises peuvent télécharger les documents et déposer leur pli.")
        return _("La date limite est passée. Prochaine étape\u202f: ouvrir les plis en séance.")
    if found.state == "opening":
        return _("La commission ouvre les plis.")
    if found.state == "opened":
        return _("Prochaine étape\u202f: l’attribution, à enregistrer une fois décidée.")
    if found.state == "awarded":
        return _("Le marché est attribué.")
    return ""


def _due(found: Consultation, urls: dict[str, str], todo: list[ToDo], keys: list[str]) -> list[Due]:
    """What is expected, of whom, when: in the order in which it can be done."""
    buyer, chair = _("l’acheteur"), _("le président de la commission")
    if found.state == "draft":
        due = [Due(one.message, buyer, None, one.url if urls["edit"] else "") for one in todo]
        made = bool(opening_keys(found.id))
        due += [
            Due(problem, _("les porteurs de clés") if made else chair, None, urls["rehearsal" if made else "ceremony"])
            for problem in keys
        ]
        if not due:
            due = [Due(_("Publier la consultation"), buyer, None, urls["publish_consultation"])]
        return due
    if found.state == "published" and clock.now() <= deadline_of(found) + PATIENCE:
        return [
            Due(_("Déposer les plis"), _("les entreprises"), found.deadline),
            Due(_("Ouvrir les plis, après la date limite"), chair, None, urls["opening"]),
        ]
    if found.state in {"published", "opening"}:
        return [Due(_("Ouvrir les plis en séance"), chair, None, urls["opening"])]
    if found.state == "opened":
        return [Due(_("Enregistrer l’attribution, une fois décidée"), buyer, None, urls["record_award"])]
    return []


def _due_of_awards(awards: list[tuple[AwardView, dict[str, str]]]) -> list[Due]:
    what = _("Dater la signature et la notification du marché %(reference)s")
    return [
        Due(what % {"reference": one.reference}, _("l’acheteur"), None, urls.get("complete", ""))
        for one, urls in awards
        if not one.notified_on
    ]


def _award_urls(award: AwardView, house: AuthorityView, urls: dict[str, str]) -> dict[str, str]:
    """Where the buyer dates and corrects it; none once it is notified, nor for somebody else."""
    if not urls["record_award"] or award.notified_on:
        return {}
    where = [house.slug, award.consultation_id, award.id]
    return {name: reverse(f"{name}_award", args=where) for name in ("complete", "correct")}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("consultation.publish")
def publish(request: Any, consultation: UUID) -> HttpResponse:
    """GET says what will happen, or what is missing; POST publishes."""
    found, house = consultation_for_desk(consultation), request.authority
    file_url = reverse("desk_consultation", args=[house.slug, found.id])
    if request.method == "POST":
        try:
            publish_consultation(found.id, actor_id=request.actor.person_id)
        except Incomplete:
            messages.error(request, _("La consultation n’est pas publiée\u202f: il reste des points à compléter."))
            return HttpResponseRedirect(reverse("publish_consultation", args=[house.slug, found.id]))
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(file_url)
        messages.success(request, _("La consultation %(reference)s est publiée.") % {"reference": found.reference})
        return HttpResponseRedirect(file_url)
    if found.state != "draft":
        return HttpResponseRedirect(file_url)
    urls, group = _urls(found, house, request.actor), group_names(found)
    context = {
        "consultation": found,
        "summary": summary(found, house),
        "group": group_words(group.leader, group.members) if group else "",
        "keys_problems": keys_ready(found.id),
        "keys_url": urls["rehearsal" if opening_keys(found.id) else "ceremony"],
        "urls": urls,
    }
    return render(request, "procurement/desk/publish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("consultation.write")
def cancel(request: Any, consultation: UUID) -> HttpResponse:
    found, house = consultation_for_desk(consultation), request.authority
    if request.method == "POST":
        try:
            cancel_draft(found.id, actor_id=request.actor.person_id)
            messages.success(request, _("Le dossier %(reference)s est abandonné.") % {"reference": found.reference})
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("desk", args=[house.slug]))
    return render(
        request, "procurement/desk/cancel.html", {"consultation": found, "urls": _urls(found, house, request.actor)}
    )
