"""Public lists: one authority's, everybody's, and their feeds. Open to all, without an account and without scripts."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import AuthorityView, agglomeration, authorities, authority_page, platform_page
from parvis.kit.jinja import date_time_long
from parvis.procurement.labels import group_words, nature_label, procedure_label, status
from parvis.procurement.selectors.listing import PublicLine, open_counts, recent_publications, search_published
from parvis.procurement.web.numbers import page_number
from parvis.procurement.web.public.forms import FilterForm


@require_safe
@authority_page
def consultations(request: Any) -> HttpResponse:
    house: AuthorityView = request.authority
    return _list(
        request, house, reverse("consultations", args=[house.slug]), reverse("consultations_feed", args=[house.slug])
    )


@require_safe
@platform_page
def all_consultations(request: HttpRequest) -> HttpResponse:
    return _list(request, None, reverse("all_consultations"), reverse("all_consultations_feed"))


def _list(request: Any, house: AuthorityView | None, base: str, feed: str) -> HttpResponse:
    form = FilterForm(request.GET, [] if house else authorities())
    filters = form.filters()
    if house:
        filters = replace(filters, authority_id=house.id)
    found = search_published(filters, page_number(request))
    query = request.GET.copy()
    query.pop("page", None)
    whole = agglomeration()
    context = {
        "form": form,
        "house": house,
        "found": found,
        "cards": [card(line) for line in found.lines],
        "filters": filters,
        "filtered": any(query.get(name) for name in ("q", "collectivite", "nature", "procedure"))
        or filters.when != "open"
        or filters.within_days is not None,
        "open_total": sum(open_counts().values()) if house is None else open_counts().get(house.id, 0),
        "base_url": base,
        "feed_url": feed,
        "prefix": f"?{query.urlencode()}&page=" if query else "?page=",
        "whole": whole,
        "all_url": reverse("all_consultations"),
        "one_buyer": house is not None,
    }
    return render(request, "procurement/public/list.html", context)


def card(line: PublicLine) -> dict[str, Any]:
    """A line with its words, as templates show it."""
    return {
        "line": line,
        "url": reverse("consultation", args=[line.authority_slug, line.id]),
        "nature": nature_label(line.nature),
        "procedure": procedure_label(line.procedure, line.framework),
        "status": status(line.state, line.deadline),
    }


@require_safe
@authority_page
def consultations_feed(request: Any) -> HttpResponse:
    house: AuthorityView = request.authority
    title = _("Marchés publics %(of)s") % {"of": house.of_name}
    return _feed(request, title, reverse("consultations", args=[house.slug]), recent_publications(house.id))


@require_safe
def all_consultations_feed(request: HttpRequest) -> HttpResponse:
    whole = agglomeration()
    title = _("Marchés publics %(of)s et de ses communes") % {"of": whole.of_name} if whole else _("Marchés publics")
    return _feed(request, title, reverse("all_consultations"), recent_publications())


def _feed(request: HttpRequest, title: str, page: str, lines: list[PublicLine]) -> HttpResponse:
    """Atom 1.0, or RSS 2.0 with `?format=rss`: the newest publications first."""
    make = Rss201rev2Feed if request.GET.get("format") == "rss" else Atom1Feed
    root = settings.PUBLIC_URL
    feed = make(
        title=title,
        link=f"{root}{page}",
        description=_("Les consultations publiées, la plus récente d’abord."),
        language="fr",
        feed_url=f"{root}{request.get_full_path()}",
    )
    for line in lines:
        deadline = _("Date limite\u202f: %(when)s.") % {"when": date_time_long(line.deadline)}
        feed.add_item(
            title=f"{line.title} ({line.reference})",
            link=f"{root}{reverse('consultation', args=[line.authority_slug, line.id])}",
            description=" ".join(part for part in (deadline, _group(line), line.purpose) if part),
            unique_id=f"urn:uuid:{line.id}",
            author_name=line.authority_name,
            pubdate=line.published_at,
            updateddate=line.published_at,
            categories=[nature_label(line.nature)],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _group(line: PublicLine) -> str:
    """« Groupement de commandes, coordonnateur : … »; "" for an authority that buys alone."""
    if not line.buyers:
        return ""
    leader, *members = line.buyers
    return _("Groupement de commandes, %(who)s.") % {"who": group_words(leader, members)}
