"""What the pages of statements have in common: addresses, crumbs, who may do what."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.pooling.models import JointProcurement, Statement
from parvis.pooling.selectors.statements import statement_in_reach
from parvis.pooling.web.frame import Crumb, crumbs

FORM = ["GET", "HEAD", "POST"]
# Calling and crediting make a debt; noting a payment only says that it is paid.
CALLS, COLLECTS = "pooling.take_part", "invoices.handle"


def list_url(house: Any, group_id: UUID, year: int | None = None) -> str:
    base = reverse("group_statements", args=[house.slug, group_id])
    return f"{base}?annee={year}" if year is not None else base


def statement_url(house: Any, statement: Statement) -> str:
    return reverse("statement", args=[house.slug, statement.group_id, statement.id])


def list_crumbs(house: Any, group: JointProcurement, *more: Crumb) -> list[Crumb]:
    return crumbs(house, (_("Relevés"), list_url(house, group.id)), *more, group=group)


def statement_crumbs(house: Any, statement: Statement, *more: Crumb) -> list[Crumb]:
    here = (statement.number, statement_url(house, statement))
    return list_crumbs(house, statement.group, here, *more)


def own_statement(group_id: UUID, statement_id: UUID) -> Statement:
    """One that the authority in scope issued. Raises Http404 for another's: it is read, not handled."""
    found = statement_in_reach(group_id, statement_id)
    if found.authority_id != scope.current_authority():
        raise Http404(_("Ce relevé est celui d’une autre collectivité\u202f: elle seule le gère."))
    return found
