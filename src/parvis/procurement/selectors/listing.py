"""What is public, across authorities: lists, search, feeds. Reads the public table alone: no authority is in scope."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Q, QuerySet

from parvis.authorities.facade import authorities
from parvis.kit import clock
from parvis.procurement.models import PublishedConsultation

When = Literal["open", "closed", "all"]
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor asks for. `within_days`: the deadline comes in at most so many days. Empty means any."""

    text: str = ""
    authority_id: UUID | None = None
    nature: str = ""
    procedure: str = ""
    when: When = "open"
    within_days: int | None = None
    test: bool = False


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line of a list. `open`: deposits are in time now. `buyers`: of a joint procurement, the leader first."""

    id: UUID
    authority_id: UUID
    authority_slug: str
    authority_name: str
    reference: str
    title: str
    purpose: str
    procedure: str
    framework: bool
    nature: str
    lots: int
    deadline: datetime
    published_at: datetime
    state: str
    is_test: bool
    open: bool
    buyers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """`total`: lines of the whole answer; `number` from 1 to `count` (at least 1)."""

    lines: list[PublicLine] = field(default_factory=list)
    total: int = 0
    number: int = 1
    count: int = 1


def folded(text: str) -> str:
    """Lower case without accents, so that « ecole » finds « École ». Both sides of a search pass here."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("’", " ").replace("'", " "))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def search_published(filters: Filters, number: int = 1, per_page: int = PER_PAGE) -> ListPage:
    """A page of what is public: the open ones by deadline, the nearest first; the others by publication, newest first.

    With a text, by relevance. A page number out of range gives the nearest page. Test consultations come only when
    asked for.
    """
    found = _filtered(filters)
    total = found.count()
    count = max(1, -(-total // per_page))
    number = min(max(1, number), count)
    lines = found[(number - 1) * per_page : number * per_page]
    return ListPage(_lines(lines), total, number, count)


def _filtered(filters: Filters) -> QuerySet[PublishedConsultation]:
    now = clock.now()
    found = PublishedConsultation.objects.select_related("authority").filter(is_test=filters.test)
    exact: dict[str, Any] = {
        "authority_id": filters.authority_id, "nature": filters.nature, "procedure": filters.procedure,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in exact.items() if value})
    open_now = Q(state="published", deadline__gte=now)
    if filters.when == "open":
        found = found.filter(open_now)
    elif filters.when == "closed":
        found = found.exclude(open_now)
    if filters.within_days is not None:
        found = found.filter(deadline__gte=now, deadline__lte=now + timedelta(days=filters.within_days))
    order = ["deadline", "id"] if filters.when == "open" else ["-published_at", "id"]
    return _matching(found, filters.text, order)


def _matching(found: QuerySet[PublishedConsultation], text: str, order: list[str]) -> QuerySet[PublishedConsultation]:
    """Every word, as a stem or a beginning; or the reference as it is written."""
    words = re.findall(r"[a-z0-9]+", folded(text))[:12]
    if not text.strip():
        return found.order_by(*order)
    reference = Q(reference__icontains=text.strip())
    if not words:
        return found.filter(reference).order_by(*order)
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="french")
    ranked = found.filter(Q(search=query) | reference).annotate(rank=SearchRank(F("search"), query))
    return ranked.order_by("-rank", *order)


def _lines(rows: Iterable[PublishedConsultation]) -> list[PublicLine]:
    rows = list(rows)
    ids = {buyer for row in rows for buyer in row.buyers}
    names = {one.id: one.name for one in authorities(ids)} if ids else {}
    return [_line(row, tuple(names[buyer] for buyer in row.buyers)) for row in rows]


def _line(row: PublishedConsultation, buyers: tuple[str, ...]) -> PublicLine:
    return PublicLine(
        id=row.id,
        authority_id=row.authority.id,
        authority_slug=row.authority.slug,
        authority_name=row.authority.name,
        reference=row.reference,
        title=row.title,
        purpose=row.purpose,
        procedure=row.procedure,
        framework=row.framework,
        nature=row.nature,
        lots=row.lots,
        deadline=row.deadline,
        published_at=row.published_at,
        state=row.state,
        is_test=row.is_test,
        open=row.state == "published" and row.deadline >= clock.now(),
        buyers=buyers,
    )


def recent_publications(authority_id: UUID | None = None, limit: int = 50) -> list[PublicLine]:
    """For feeds: the newest first, whatever their state, tests left out."""
    filters = Filters(authority_id=authority_id, when="all")
    return _lines(_filtered(filters)[:limit])


def trial_is_open() -> bool:
    """Whether a test consultation takes deposits now."""
    return _filtered(Filters(test=True)).exists()


def open_counts() -> dict[UUID, int]:
    """How many consultations are open now, authority by authority; authorities with none are left out."""
    found = _filtered(Filters()).order_by("authority_id").values_list("authority_id").annotate(Count("id"))
    return dict(found)
