"""What was already called from each debtor, cost by cost: credits take away what they cancel."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Sum

from parvis.pooling.models import CostItem, StatementLine
from parvis.pooling.rules import Amounts


def called_before(costs: Iterable[CostItem]) -> dict[tuple[UUID, UUID], Amounts]:
    """By cost and debtor, in cents."""
    lines = StatementLine.objects.filter(cost__in=list(costs)).order_by()
    sums = lines.values("cost_id", "statement__debtor_id").annotate(ht=Sum("ht_cents"), vat=Sum("vat_cents"))
    return {(one["cost_id"], one["statement__debtor_id"]): Amounts(one["ht"], one["vat"]) for one in sums}
