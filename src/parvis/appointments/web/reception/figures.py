"""The desks' figures: one authority's places, or for the agglomeration its communes side by side."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.appointments.models import Place, Reason, Source
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.periods import Period, period
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.selectors.figures import Counts, Filling, counts, days_until, filling, third_free
from parvis.appointments.web.reception.words import day_words, minutes_words, source_words
from parvis.authorities.facade import authorities, desk_page
from parvis.kit import clock, scope
from parvis.kit.jinja import MONTHS
from parvis.kit.money import NO_BREAK
from parvis.kit.sheets import sheet

SOURCES = (Source.ONLINE, Source.HUB, Source.WAITING, Source.DESK)


@dataclass(frozen=True, slots=True)
class Line:
    """One place, or one commune."""

    name: str
    places: tuple[UUID, ...]
    filling: Filling
    counts: Counts


@dataclass(frozen=True, slots=True)
class Delay:
    """The third free slot of one reason; `days` None where fewer than three are free."""

    where: str
    reason: str
    day: str
    days: int | None


def all_communes(request: Any) -> bool:
    """The gate has seen that this hat holds reception.figures in the agglomeration itself."""
    return str(request.authority.kind) == "agglomeration"


def lines_of(request: Any, asked: Period) -> list[Line]:
    if all_communes(request):
        return _communes(asked)
    places = _places(request.authority.id)
    ids = [one.id for one in places]
    taken, known = filling(ids, asked), counts(ids, asked)
    return [Line(p.name, (p.id,), taken.get(p.id, Filling()), known.get(p.id, Counts())) for p in places]


def _communes(asked: Period) -> list[Line]:
    """Those that have a place. What is open and taken is public; who came is counted in each one's own scope."""
    by_house: dict[UUID, list[UUID]] = {}
    for place_id, house_id in Place.objects.filter(active=True).values_list("id", "authority_id"):
        by_house.setdefault(house_id, []).append(place_id)
    taken = filling((one for ids in by_house.values() for one in ids), asked)
    found = []
    for house in authorities(by_house):
        ids = by_house[house.id]
        with scope.authority(house.id):
            known = counts(ids, asked, by="authority_id").get(house.id, Counts())
        filled = sum((taken.get(one, Filling()) for one in ids), Filling())
        found.append(Line(house.name, tuple(ids), filled, known))
    return found


def _places(authority_id: UUID) -> list[Place]:
    return list(Place.objects.filter(authority_id=authority_id, active=True).order_by("name"))


def delays_of(lines: Iterable[Line], *, shared: bool) -> list[Delay]:
    """For a commune with several places, the soonest of them for each reason. `shared`: what communes compare."""
    where = {place: line.name for line in lines for place in line.places}
    found = Reason.objects.filter(agenda__place_id__in=list(where), active=True, agenda__active=True)
    if shared:
        found = found.filter(code__in=list(SHARED))
    reasons = list(found.select_related("agenda").order_by("rank", "label"))
    third, today = third_free(one.id for one in reasons), day_of(clock.now())
    best: dict[tuple[str, str, str], Delay] = {}
    for one in reasons:
        name, at = where[one.agenda.place_id], third[one.id]
        new = Delay(name, one.label, day_words(day_of(at)) if at else "", days_until(at, today))
        old = best.get((name, one.code, one.label))
        if old is None or old.days is None or (new.days is not None and new.days < old.days):
            best[name, one.code, one.label] = new
    return sorted(best.values(), key=lambda one: (one.where, one.reason))


def percent(rate: float | None) -> str:
    """62 %, or nothing to say."""
    return "–" if rate is None else f"{round(rate * 100)}{NO_BREAK}%"


def waited_words(value: timedelta | None) -> str:
    return "–" if value is None else minutes_words(round(value.total_seconds() / 60))


def days_words(days: int | None) -> str:
    if days is None:
        return _("moins de trois libres")
    if days < 2:
        return _("demain") if days else _("aujourd’hui")
    return _("{count} jours").format(count=days).replace(" ", NO_BREAK)


def period_labels() -> dict[str, str]:
    return {"4-semaines": _("4 semaines"), "trimestre": _("Un trimestre"), "annee": _("Une année")}


def _history(asked: Period, lines: list[Line]) -> list[tuple[str, float, str]]:
    """(label, percentage, words) of each week or month."""
    ids = [place for line in lines for place in line.places]
    found = []
    for first, part in filling(ids, asked, by=asked.step).items():
        month = MONTHS[first.month - 1]
        label = (
            f"{month} {first.year}"
            if asked.step == "month"
            else _("Semaine du {day}").format(day=f"{first.day} {month}")
        )
        if part.rate is not None:
            found.append((label, round(part.rate * 100, 1), percent(part.rate)))
    return found


def _most(delays: list[Delay]) -> int:
    """The full length of a bar, in days: a month at least, so that a short delay looks short."""
    return max([30, *(one.days or 0 for one in delays)])


def _compared(delays: list[Delay]) -> str:
    """The reason that most communes propose: one bar each."""
    count = Counter(one.reason for one in delays)
    return max(sorted(count), key=lambda reason: count[reason], default="")


def _side_by_side(delays: list[Delay]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """(reasons, [(commune, the delay of each reason or a dash)])."""
    reasons = sorted({one.reason for one in delays})
    known = {(one.where, one.reason): days_words(one.days) for one in delays}
    names = sorted({one.where for one in delays})
    return reasons, [(name, [known.get((name, reason), "–") for reason in reasons]) for name in names]


def _delay_context(lines: list[Line], *, communes: bool) -> dict[str, Any]:
    """Communes are drawn on one reason, a bar each; a commune alone on all of its reasons."""
    delays = delays_of(lines, shared=communes)
    compared, most = _compared(delays), _most(delays)
    reasons, table = _side_by_side(delays)
    drawn = [one for one in delays if not communes or one.reason == compared]
    return {
        "delays": [(one.where, one.reason, one.day, days_words(one.days)) for one in delays],
        "delay_bars": [
            (_bar_label(one, lines, communes), most if one.days is None else one.days, days_words(one.days))
            for one in drawn
        ],
        "delay_most": most,
        "compared": compared,
        "reasons": reasons,
        "reason_columns": [(_("Commune"), ""), *((reason, "num") for reason in reasons)],
        "side_by_side": table,
    }


def _bar_label(one: Delay, lines: list[Line], communes: bool) -> str:
    if communes:
        return one.where
    return f"{one.where}, {one.reason}" if len(lines) > 1 else one.reason


@require_safe
@never_cache
@desk_page("reception.figures")
def figures(request: Any) -> HttpResponse:
    asked = period(request.GET.get("periode", ""), day_of(clock.now()))
    lines = lines_of(request, asked)
    base = reverse("reception_figures", args=[request.authority.slug])
    total = _total(lines)
    context = {
        "communes": all_communes(request),
        "first": day_words(asked.first),
        "last": day_words(asked.last),
        "tabs_items": [
            (label, f"{base}?periode={code}", code == asked.code)
            for code, label in period_labels().items()
        ],
        "rows": [(line.name, _cells(line)) for line in lines],
        "heads": heads(),
        "columns": [(_("Commune") if all_communes(request) else _("Lieu"), ""), *((one, "num") for one in heads())],
        "source_columns": [
            (_("Commune") if all_communes(request) else _("Lieu"), ""),
            *((source_words(one), "num") for one in SOURCES),
        ],
        "total": _cells(total) if len(lines) > 1 else None,
        "sums": total,
        "filling": percent(total.filling.rate),
        "no_show_rate": percent(total.counts.no_show_rate),
        "sources": [
            (line.name, [percent(_share(line, source)) for source in SOURCES])
            for line in ([*lines, total] if len(lines) > 1 else lines)
            if line.counts.made
        ],
        "source_heads": [source_words(one) for one in SOURCES],
        **_delay_context(lines, communes=all_communes(request)),
        "history": _history(asked, lines),
        "history_step": asked.step,
        "csv_url": f"{reverse('reception_figures_csv', args=[request.authority.slug])}?periode={asked.code}",
        "reception_url": reverse("reception", args=[request.authority.slug]),
        "may_serve": request.actor.may("reception.serve", request.authority.id),
    }  # fmt: skip
    return render(request, "appointments/reception/figures.html", context)


def heads() -> list[str]:
    return [
        _("Remplissage"), _("Reçus"), _("Absents"), _("Absences"), _("Pris"), _("Annulés"), _("Déplacés"),
        _("Sans rendez-vous"), _("Attente"),
    ]  # fmt: skip


def _cells(line: Line) -> list[str]:
    one = line.counts
    return [
        percent(line.filling.rate), str(one.served), str(one.no_shows), percent(one.no_show_rate), str(one.made),
        str(one.cancelled), str(one.moved), str(one.walk_ins), waited_words(one.waited),
    ]  # fmt: skip


def _share(line: Line, source: Source) -> float | None:
    return line.counts.sources.get(source.value, 0) / line.counts.made if line.counts.made else None


def _total(lines: list[Line]) -> Line:
    """Sums; a median of medians would mean nothing, so only one line's is kept."""
    alone = lines[0].counts if len(lines) == 1 else Counts()
    known = [line.counts for line in lines]
    sources = {one.value: sum(c.sources.get(one.value, 0) for c in known) for one in SOURCES}
    summed = Counts(
        served=sum(c.served for c in known), no_shows=sum(c.no_shows for c in known),
        unsettled=sum(c.unsettled for c in known), made=sum(c.made for c in known),
        cancelled=sum(c.cancelled for c in known), moved=sum(c.moved for c in known),
        walk_ins=sum(c.walk_ins for c in known), sources=sources, waited=alone.waited, notice=alone.notice,
    )  # fmt: skip
    return Line(_("Ensemble"), (), sum((line.filling for line in lines), Filling()), summed)


@require_safe
@never_cache
@desk_page("reception.figures")
def figures_csv(request: Any) -> HttpResponse:
    """The same numbers, and the delays, one line each: UTF-8 with a mark, semicolons, decimal commas."""
    asked = period(request.GET.get("periode", ""), day_of(clock.now()))
    lines = lines_of(request, asked)
    head = [
        _("Commune") if all_communes(request) else _("Lieu"), _("Du"), _("Au"), _("Heures ouvertes en ligne"),
        _("Heures réservées"), _("Reçus"), _("Absents"), _("Non notés"), _("Pris"), _("Annulés"), _("Déplacés"),
        _("Sans rendez-vous"), *(source_words(one) for one in SOURCES), _("Attente médiane en minutes"),
        _("Délai obtenu médian en jours"),
    ]  # fmt: skip
    rows = [[line.name, asked.first.isoformat(), asked.last.isoformat(), *_row(line)] for line in lines]
    delays = [[d.where, d.reason, "" if d.days is None else str(d.days)] for d in delays_of(lines, shared=False)]
    second = [head[0], _("Motif"), _("Troisième créneau libre dans (jours)")]
    response = HttpResponse(sheet([head, *rows, [], second, *delays]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="accueil-{request.authority.slug}-{asked.code}.csv"'
    return response


def _row(line: Line) -> list[str]:
    one = line.counts
    numbers = [
        one.served, one.no_shows, one.unsettled, one.made, one.cancelled, one.moved, one.walk_ins,
        *(one.sources.get(source.value, 0) for source in SOURCES),
    ]  # fmt: skip
    return [
        _decimal(line.filling.open / 3600), _decimal(line.filling.taken / 3600), *map(str, numbers),
        _decimal(one.waited / timedelta(minutes=1)) if one.waited is not None else "",
        _decimal(one.notice / timedelta(days=1)) if one.notice is not None else "",
    ]  # fmt: skip


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
