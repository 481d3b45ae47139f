"""A statement computed again from what was kept of it: the share to the fraction, each line to the cent."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, Sum

from parvis.authorities.facade import authority
from parvis.pooling.models import Statement, StatementKind, StatementLine
from parvis.pooling.rules import Amounts, RecordAltered, UnknownEngine, replay
from parvis.pooling.selectors.dues import Call
from parvis.pooling.selectors.statements import lines_with_runs

NOTHING = Amounts()


class Verdict(StrEnum):
    """`NEWER`: another version of the platform made the computation, which this one cannot do again."""

    IDENTICAL = "identical"
    ALTERED = "altered"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """`share` and `found` are what comes out now; empty and zero where nothing could be computed."""

    line: StatementLine
    verdict: Verdict
    share: str = ""
    found: Amounts = NOTHING

    @property
    def written(self) -> Amounts:
        return Amounts(self.line.ht_cents, self.line.vat_cents)


def recompute(statement: Statement) -> list[Recomputed]:
    """Every line again: the kept facts are split again, what had been called before is taken off."""
    mirrored = statement.mirrors if statement.kind == StatementKind.CREDIT else None
    siren = authority(statement.debtor_id).siren
    lines = {(one.cost_id, one.position): one for one in lines_with_runs(mirrored)} if mirrored else {}
    made = []
    for line in lines_with_runs(statement):
        original = lines.get((line.cost_id, line.position))
        if mirrored and original is None:
            made.append(Recomputed(line, Verdict.ALTERED))
        else:
            made.append(_again(mirrored or statement, original or line, line, siren, -1 if mirrored else 1))
    return made


def _again(statement: Statement, source: StatementLine, line: StatementLine, siren: str, sign: int) -> Recomputed:
    """`source` is the line that was called, `line` the one to prove: the same, or its mirror in a credit."""
    try:
        done = replay(source.run.record)
    except RecordAltered:
        return Recomputed(line, Verdict.ALTERED)
    except UnknownEngine:
        return Recomputed(line, Verdict.NEWER)
    value, before = done.share(siren), _before(statement, source)
    wanted = _call(statement).so_far(done.amounts(siren))
    found = Amounts(sign * (wanted.ht - before.ht), sign * (wanted.vat - before.vat))
    share = f"{value.numerator}/{value.denominator}"
    alike = (
        share == line.share
        and source.run.digest == source.run.record["digest"]
        and str(source.cost_id) == source.run.record["cost"]["id"]
        and found == (line.ht_cents, line.vat_cents)
        and found.ttc == line.ttc_cents
    )
    return Recomputed(line, Verdict.IDENTICAL if alike else Verdict.ALTERED, share, found)


def _call(statement: Statement) -> Call:
    kind = StatementKind(statement.kind)
    return Call(kind, statement.year, statement.rank, statement.group.instalments, statement.due_on)


def _before(statement: Statement, line: StatementLine) -> Amounts:
    """What earlier statements had called of the same cost from the same debtor, credits taken off."""
    earlier = Q(statement__issued_at__lt=statement.issued_at)
    earlier |= Q(statement__issued_at=statement.issued_at, statement__number__lt=statement.number)
    rows = StatementLine.objects.filter(earlier, cost_id=line.cost_id, statement__debtor_id=statement.debtor_id)
    found = rows.order_by().aggregate(ht=Sum("ht_cents"), vat=Sum("vat_cents"))
    return Amounts(found["ht"] or 0, found["vat"] or 0)
