"""What was kept of a cost's computations, done again to see that it still says the same."""

from dataclasses import dataclass

from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, ShareRun
from parvis.pooling.rules import RecordAltered, Split, replay


@dataclass(frozen=True, slots=True)
class Replayed:
    """`split` None: what is kept was altered, and `problem` says so."""

    run: ShareRun
    split: Split | None
    problem: str = ""


def replays_of(item: CostItem) -> list[Replayed]:
    """The latest first."""
    return [_again(run) for run in ShareRun.objects.filter(cost=item).order_by("-computed_at")]


def _again(run: ShareRun) -> Replayed:
    if run.digest != run.record.get("digest"):
        return Replayed(run, None, RecordAltered("digest").message)
    try:
        return Replayed(run, replay(run.record))
    except Refusal as refusal:
        return Replayed(run, None, refusal.message)
