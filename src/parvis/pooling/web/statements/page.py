from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authority, desk_page
from parvis.kit import scope
from parvis.kit.siret import spaced_siret
from parvis.pooling.models import Payment, Statement
from parvis.pooling.rules.words import fraction, percent
from parvis.pooling.selectors.recompute import Verdict, recompute
from parvis.pooling.selectors.statements import (
    Standing,
    is_creditor,
    is_debtor,
    lines_with_runs,
    standing,
    statement_in_reach,
)
from parvis.pooling.services.statement_pdf import title_words
from parvis.pooling.states import StatementState, allowed
from parvis.pooling.web.frame import group_page
from parvis.pooling.web.statements.access import CALLS, COLLECTS, statement_crumbs, statement_url
from parvis.pooling.web.statements.story import story
from parvis.pooling.web.statements.words import due_why, next_words, status_words, verdict_words


@require_safe
@desk_page("pooling.read")
def statement(request: Any, group: UUID, statement: UUID) -> HttpResponse:
    found, house = statement_in_reach(group, statement), request.authority
    now = standing(found)
    creditor, debtor = authority(found.authority_id), authority(found.debtor_id)
    credit = Statement.objects.filter(mirrors=found).first()
    context = {
        "statement": found,
        "title": title_words(found),
        "standing": now,
        "status_words": status_words(now),
        "next": next_words(now, scope.current_authority(), creditor.name, debtor.name),
        "creditor": creditor,
        "debtor": debtor,
        "siret": {"creditor": spaced_siret(creditor.siret), "debtor": spaced_siret(debtor.siret)},
        "lines": [(line, _fraction(line.share), _percent(line.share)) for line in lines_with_runs(found)],
        "due_why": due_why(now),
        "payments": list(Payment.objects.filter(statement=found).select_related("correction")),
        "credit": (credit, statement_url(house, credit)) if credit else None,
        "mirrored": (found.mirrors, statement_url(house, found.mirrors)) if found.mirrors else None,
        "history": story(found),
        "is_debtor": is_debtor(found),
        "crumbs": statement_crumbs(house, found),
        **_may(request, found, now),
    }
    return group_page(request, "pooling/statements/statement.html", found.group, "group_statements", context)


@require_safe
@desk_page("pooling.read")
def again(request: Any, group: UUID, statement: UUID) -> HttpResponse:
    """The statement computed again from what was kept of it."""
    found, house = statement_in_reach(group, statement), request.authority
    lines = recompute(found)
    verdicts = {one.verdict for one in lines}
    worst = next((one for one in (Verdict.ALTERED, Verdict.NEWER) if one in verdicts), Verdict.IDENTICAL)
    context = {
        "statement": found,
        "lines": [
            (one, verdict_words(one.verdict), _fraction(one.share) if one.share else "", _fraction(one.line.share))
            for one in lines
        ],
        "worst": worst.value,
        "worst_words": verdict_words(worst),
        "back": statement_url(house, found),
        "json_url": reverse("statement_json", args=[house.slug, group, found.id]),
        "crumbs": statement_crumbs(house, found, (_("Recalcul"), "")),
    }
    return group_page(request, "pooling/statements/again.html", found.group, "group_statements", context)


def _may(request: Any, found: Statement, now: Standing) -> dict[str, bool]:
    mine, state = is_creditor(found), StatementState(found.state)
    actor, house = request.actor, request.authority
    credits = mine and found.kind != "credit" and allowed(state, "credit_statement")
    pays = mine and bool(now.due) and allowed(state, "note_payment")
    return {
        "may_credit": credits and actor.may(CALLS, house.id),
        "may_pay": pays and actor.may(COLLECTS, house.id),
        "may_correct": mine and allowed(state, "correct_payment") and actor.may(COLLECTS, house.id),
    }


def _fraction(share: str) -> str:
    return fraction(Fraction(share))


def _percent(share: str) -> str:
    return percent(Fraction(share))
