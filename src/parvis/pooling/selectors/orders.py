"""Orders of a group, as its members read them: the information round, who shares, what an issue still lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.authorities.facade import AuthorityView, authorities
from parvis.kit import clock, scope
from parvis.pooling.models import OrderAnswer, OrderLine, OrderParty, PurchaseOrder
from parvis.pooling.rules.order_round import Answer, is_over, latest
from parvis.pooling.rules.order_totals import Amount, Totals, totals
from parvis.pooling.selectors.members import members_on
from parvis.pooling.selectors.reach import reach


@dataclass(frozen=True, slots=True)
class Voice:
    """A member that was asked, and what it last said."""

    member: AuthorityView
    answer: Answer | None
    shares: bool


@dataclass(frozen=True, slots=True)
class Round:
    """`until` None before anybody was told."""

    voices: tuple[Voice, ...]
    until: datetime | None
    over: bool

    @property
    def answered(self) -> int:
        return sum(1 for one in self.voices if one.answer)

    @property
    def wishes(self) -> tuple[Voice, ...]:
        """Members that asked to join and are not among the parties."""
        return tuple(one for one in self.voices if one.answer and one.answer.kind == "join" and not one.shares)


def answers_words(told: Round) -> str:
    """« 2 réponses sur 5 »."""
    words = ngettext("{count} réponse sur {asked}", "{count} réponses sur {asked}", told.answered)
    return words.format(count=told.answered, asked=len(told.voices))


def order_of(group_id: UUID, order_id: UUID) -> PurchaseOrder:
    """Raises Http404, for another's draft too: what is not announced yet is its owner's business."""
    found = reach(PurchaseOrder, order_id, framework__group_id=group_id)
    if found.authority_id != scope.current_authority() and found.informed_at is None:
        raise Http404(_("Cette commande est encore en préparation. Vous en serez informés par courriel."))
    return found


def lines_of(order: PurchaseOrder) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order).select_related("price"))


def amounts_of(lines: Iterable[OrderLine]) -> list[Amount]:
    return [Amount(one.kind, one.vat_rate, one.ht_cents) for one in lines]


def totals_of(order: PurchaseOrder) -> Totals:
    return totals(amounts_of(lines_of(order)))


def party_ids(order: PurchaseOrder) -> list[UUID]:
    """Who shares the order: the ordering member first; it alone when nobody joined."""
    joined = OrderParty.objects.filter(order=order).exclude(member_id=order.authority_id)
    return [order.authority_id, *joined.values_list("member_id", flat=True)]


def answers_of(order: PurchaseOrder) -> dict[UUID, Answer]:
    """The answer of this round that counts, by member."""
    rows = OrderAnswer.objects.filter(order=order)
    said = [Answer(one.authority_id, one.kind, one.text, one.answered_at) for one in rows]
    return latest(said, order.informed_at)


def asked_ids(order: PurchaseOrder) -> list[UUID]:
    """The other members on the day the group was told, or today before that."""
    told = (order.informed_at or clock.now()).astimezone(clock.PARIS).date()
    return [one.member_id for one in members_on(order.framework.group, told) if one.member_id != order.authority_id]


def round_of(order: PurchaseOrder) -> Round:
    answers, asked, sharing = answers_of(order), asked_ids(order), party_ids(order)
    voices = tuple(Voice(one, answers.get(one.id), one.id in sharing) for one in authorities({*asked, *answers}))
    until = order.answers_until
    over = until is not None and is_over(asked, answers, until, clock.now())
    return Round(voices, until, over)


def stale_lines(lines: Iterable[OrderLine], day: date) -> list[OrderLine]:
    """Lines whose price is no longer that of the schedule that day."""
    return [
        one
        for one in lines
        if one.price.valid_from > day
        or (one.price.valid_until is not None and one.price.valid_until <= day)
        or (one.price.unit_cents, one.price.vat_rate) != (one.unit_cents, one.vat_rate)
    ]
