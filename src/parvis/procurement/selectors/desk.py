"""The agents' list of consultations of the authority in scope."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from parvis.kit import clock
from parvis.procurement.models import Consultation, Submission

VIEWS = ("drafts", "running", "to_open", "closed", "all")
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class DeskPage:
    """`counts`: rows of each saved view under the present search."""

    rows: list[Consultation]
    counts: dict[str, int]
    number: int
    count: int


def _view(name: str) -> Q:
    now = clock.now()
    published = Q(state="published")
    views = {
        "drafts": Q(state="draft"),
        "running": published & Q(deadline__gte=now),
        "to_open": Q(state="opening") | (published & Q(deadline__lt=now)),
        "closed": Q(state__in=["opened", "awarded", "discontinued", "cancelled"]),
        "all": Q(),
    }
    return views[name]


def desk_list(view: str, text: str = "", number: int = 1) -> DeskPage:
    """A page of one saved view. The text is looked for in the reference and the title. KeyError for another view."""
    base: QuerySet[Consultation] = Consultation.objects.all()
    for word in text.split()[:8]:
        base = base.filter(Q(reference__icontains=word) | Q(title__icontains=word))
    counts = {name: base.filter(_view(name)).count() for name in VIEWS}
    count = max(1, -(-counts[view] // PER_PAGE))
    number = min(max(1, number), count)
    order = ["deadline", "-created_at"] if view in {"running", "to_open"} else ["-created_at"]
    rows = base.filter(_view(view)).order_by(*order)[(number - 1) * PER_PAGE : number * PER_PAGE]
    return DeskPage(list(rows), counts, number, count)


def first_view_with_rows(counts: dict[str, int]) -> str:
    """What an agent most likely came for: something to open, else to prepare, else running."""
    return next((name for name in ("to_open", "drafts", "running") if counts[name]), "drafts")


def deposits_count(consultation: Consultation) -> int:
    """How many submissions arrived, late ones included. Says nothing of who deposited."""
    return Submission.objects.filter(consultation=consultation).count()
