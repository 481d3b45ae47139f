"""The mutual information round of a purchase order: until when, and who has answered. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from parvis.kit.clock import PARIS


@dataclass(frozen=True, slots=True)
class Answer:
    """`kind` is seen, comment or join."""

    member: UUID
    kind: str
    text: str
    at: datetime


def answers_until(told_at: datetime, days: int) -> datetime:
    """The last minute, in Paris, of the day that comes `days` days after the group was told."""
    last = told_at.astimezone(PARIS).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59), tzinfo=PARIS)


def latest(answers: Iterable[Answer], since: datetime | None) -> dict[UUID, Answer]:
    """The answer that counts for each member: its last one of this round."""
    kept: dict[UUID, Answer] = {}
    for one in sorted(answers, key=lambda each: each.at):
        if since is not None and one.at >= since:
            kept[one.member] = one
    return kept


def is_over(asked: Iterable[UUID], answered: Iterable[UUID], until: datetime, now: datetime) -> bool:
    """Everybody has answered, or the delay has passed."""
    return now > until or set(asked) <= set(answered)
