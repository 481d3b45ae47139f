"""A framework agreement as its group reads it: its schedule on a day, what is used and by whom, where it is going."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from parvis.authorities.facade import AuthorityView, authorities
from parvis.kit import clock
from parvis.pooling.models import FrameworkAgreement, FrameworkMember, OrderState, PriceLine, PurchaseOrder
from parvis.pooling.rules.ceiling import Minimum, minimum, percent
from parvis.pooling.rules.forecast import Course, Forecast, forecast
from parvis.pooling.rules.kinds import KINDS
from parvis.pooling.rules.rounding import apportion
from parvis.pooling.selectors.members import members_on
from parvis.pooling.selectors.today import today
from parvis.pooling.states import RESERVING


@dataclass(frozen=True, slots=True)
class Consumption:
    """Cents excluding VAT. `taken`: what each order that counts takes, oldest first; with `earlier_cents`, ordered
    before the take-up and not split between the members, they make `used_cents`. `by_month` totals begin with it.
    """

    max_cents: int
    used_cents: int
    earlier_cents: int
    percent: float
    taken: tuple[tuple[PurchaseOrder, int], ...]
    by_member: tuple[tuple[AuthorityView, int, int], ...]
    by_kind: tuple[tuple[str, int], ...]
    by_month: tuple[tuple[date, int, int], ...]

    @property
    def remaining_cents(self) -> int:
        return self.max_cents - self.used_cents


@dataclass(frozen=True, slots=True)
class Entitled:
    """Whether a member of today was named when the procedure was launched; `because`: the coordinator's own word."""

    member: AuthorityView
    identified: bool
    because: str
    effective_on: date | None


def frameworks_of(group_id: UUID) -> list[FrameworkAgreement]:
    return list(FrameworkAgreement.objects.filter(group_id=group_id))


def prices_on(framework: FrameworkAgreement, day: date) -> list[PriceLine]:
    """The schedule of that day, in its order."""
    current = Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))
    return list(PriceLine.objects.filter(current, framework=framework))


def in_term(framework: FrameworkAgreement, day: date) -> bool:
    return bool(framework.starts_on <= day < framework.ends_on)


def counting_orders(framework: FrameworkAgreement) -> list[PurchaseOrder]:
    """Those that take a part of the maximum, oldest first."""
    return list(PurchaseOrder.objects.filter(framework=framework, state__in=RESERVING).order_by("issued_at"))


def consumption(framework: FrameworkAgreement) -> Consumption:
    orders = counting_orders(framework)
    taken = tuple((one, one.ht_cents - one.released_cents) for one in orders)
    return Consumption(
        max_cents=framework.max_cents, used_cents=framework.used_cents, earlier_cents=framework.earlier_cents,
        percent=percent(framework.used_cents, framework.max_cents), taken=taken, by_member=_by_member(taken),
        by_kind=_by_kind(taken), by_month=_by_month(taken, framework.earlier_cents),
    )  # fmt: skip


def course_of(framework: FrameworkAgreement) -> Course:
    """What the forecast is made of; orders announced to the group are counted, drafts are nobody's business yet."""
    announced = PurchaseOrder.objects.filter(framework=framework, state=OrderState.INFORMED)
    issued = ((_day(one), one.ht_cents - one.released_cents) for one in counting_orders(framework))
    return Course(
        starts_on=framework.starts_on, ends_on=framework.ends_on, max_cents=framework.max_cents,
        used_cents=framework.used_cents, issued=tuple(issued),
        announced_cents=sum(announced.values_list("ht_cents", flat=True)),
        earlier_cents=framework.earlier_cents, earlier_until=framework.earlier_until,
    )  # fmt: skip


def forecast_of(framework: FrameworkAgreement) -> Forecast:
    return forecast(course_of(framework), today())


def minimum_of(framework: FrameworkAgreement, expected: Forecast) -> Minimum:
    at_term = expected.at_term_cents
    return minimum(framework.min_cents, framework.used_cents, at_term, framework.ends_on, today())


def entitlement(framework: FrameworkAgreement) -> list[Entitled]:
    """One row a member of today; one that joined after the framework was recorded has no word yet: not identified."""
    rows = {one.member_id: one for one in FrameworkMember.objects.filter(framework=framework)}
    present = {one.member_id: one for one in members_on(framework.group, today())}
    return [
        Entitled(
            house,
            bool((row := rows.get(house.id)) and row.identified_at_launch),
            row.because if row else "",
            present[house.id].effective_on if house.id in present else None,
        )
        for house in authorities({*rows, *present})
    ]


def _day(order: PurchaseOrder) -> date:
    assert order.issued_at, "an order that counts was issued"
    return order.issued_at.astimezone(clock.PARIS).date()


def _by_member(taken: Iterable[tuple[PurchaseOrder, int]]) -> tuple[tuple[AuthorityView, int, int], ...]:
    """Each ordering member with how many orders and how much, the largest first."""
    made: dict[UUID, tuple[int, int]] = {}
    for order, cents in taken:
        count, total = made.get(order.authority_id, (0, 0))
        made[order.authority_id] = (count + 1, total + cents)
    rows = [(house, *made[house.id]) for house in authorities(made)]
    return tuple(sorted(rows, key=lambda row: (-row[2], row[0].name)))


def _by_kind(taken: tuple[tuple[PurchaseOrder, int], ...]) -> tuple[tuple[str, int], ...]:
    """What an order gave back is taken from its kinds in proportion."""
    made: dict[str, int] = {}
    ids = [order.id for order, _cents in taken]
    lines: dict[UUID, dict[str, int]] = {}
    for order_id, kind, ht in PurchaseOrder.objects.filter(id__in=ids).values_list(
        "id", "lines__kind", "lines__ht_cents"
    ):
        if kind is not None:
            parts = lines.setdefault(order_id, {})
            parts[kind] = parts.get(kind, 0) + ht
    for order, cents in taken:
        parts = lines.get(order.id, {})
        shared = apportion(cents, parts) if any(parts.values()) else {"": cents}
        for kind, part in shared.items():
            made[kind] = made.get(kind, 0) + part
    return tuple((KINDS[kind].label if kind in KINDS else kind, made[kind]) for kind in sorted(made, key=_rank))


def _rank(kind: str) -> int:
    return list(KINDS).index(kind) if kind in KINDS else len(KINDS)


def _by_month(taken: Iterable[tuple[PurchaseOrder, int]], earlier: int) -> tuple[tuple[date, int, int], ...]:
    """First day of each month with an order, what was ordered in it, and all that was until its end."""
    months: dict[date, int] = {}
    for order, cents in taken:
        month = _day(order).replace(day=1)
        months[month] = months.get(month, 0) + cents
    rows, total = [], earlier
    for month in sorted(months):
        total += months[month]
        rows.append((month, months[month], total))
    return tuple(rows)
