"""A cost held for the length of a verb, and what any written cost must respect."""

from uuid import UUID

from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.eservices import facade as eservices
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.pooling.models import (
    CostItem,
    CostKey,
    GroupState,
    JointProcurement,
    Membership,
    ShareRun,
    Statement,
    StatementKind,
    StatementState,
)
from parvis.pooling.rules.cost_terms import CostTerms
from parvis.pooling.selectors.groups import IN_IT
from parvis.pooling.selectors.reach import reach
from parvis.pooling.services.held import held_group, require_move
from parvis.pooling.states import CostState


def held_cost(cost_id: UUID, verb: str) -> CostItem:
    """A cost that the authority in scope pays, its group held with it until commit: no call is computed meanwhile.

    Raises Http404, Refusal not_yours, not_now.
    """
    found = reach(CostItem, cost_id)
    if found.authority_id != scope.current_authority():
        message = _("Ce coût est celui de {name}, qui paie le titulaire. Écrivez-lui ce qu’il faut changer.")
        raise Refusal("not_yours", message.format(name=authority(found.authority_id).name))
    held_group(found.group_id)
    held = reach(CostItem, cost_id, lock=True)
    require_move(CostState(held.state), verb, held.get_state_display())
    return held


def require_nothing_called(item: CostItem) -> None:
    """Raises Refusal called once members were asked for money on this cost."""
    if ShareRun.objects.filter(cost=item).exists():
        message = _(
            "Un acompte a déjà été appelé sur ce coût\u202f: il ne se récrit plus. Arrêtez-le à son montant définitif,"
            " le solde rattrape la différence."
        )
        raise Refusal("called", message)


def require_place(group: JointProcurement, terms: CostTerms) -> None:
    """The cost fits in the group: its days, its key, and those whom it names.

    Raises Refusal: not_started, out_of_term, closed_year, unknown_key, not_member; Http404 for an unknown e-service.
    """
    if group.state == GroupState.PREPARING:
        message = _("Le groupement n’est pas encore en vigueur\u202f: ses coûts s’inscrivent ensuite.")
        raise Refusal("not_started", message)
    if (group.starts_on and terms.from_on < group.starts_on) or (group.ends_on and terms.until_on > group.ends_on):
        message = _("Le groupement va du {first} au terme du {last}. Gardez les dates du coût dans cette période.")
        days = {"first": date_long(group.starts_on), "last": date_long(group.ends_on)}  # type: ignore[arg-type]
        raise Refusal("out_of_term", message.format(**days), "from_on")
    require_open_year(group, terms.year)
    if not CostKey.objects.filter(group=group, code=terms.key).exists():
        message = _("Le groupement n’a pas encore cette clé. Créez-la dans «\u202fClés de répartition\u202f».")
        raise Refusal("unknown_key", message, "key")
    _require_members(group, terms)
    if terms.eservice_id:
        eservices.eservice(terms.eservice_id)


def require_open_year(group: JointProcurement, year: int) -> None:
    closings = Statement.objects.filter(
        group=group, authority_id=scope.current_authority(), year=year, kind=StatementKind.CLOSING
    )
    if closings.exclude(state=StatementState.CREDITED).exists():
        message = _(
            "Le solde de {year} est déjà appelé. Annulez-le par un avoir dans «\u202fRelevés\u202f» avant de changer"
            " ses coûts."
        )
        raise Refusal("closed_year", message.format(year=year), "from_on")


def _require_members(group: JointProcurement, terms: CostTerms) -> None:
    members = set(Membership.objects.filter(group=group, state__in=IN_IT).values_list("member_id", flat=True))
    if terms.payer_id and terms.payer_id not in members:
        raise Refusal(
            "not_member", _("Celui qui paie doit être membre du groupement. Choisissez-en un autre."), "payer"
        )
    if set(terms.users) - members:
        message = _("Seuls des membres du groupement se partagent un coût. Retirez les autres.")
        raise Refusal("not_member", message, "users")


def write_terms(item: CostItem, terms: CostTerms) -> None:
    """The columns that the terms fill."""
    item.kind, item.label, item.year, item.key_code = terms.kind, terms.label, terms.year, terms.key
    item.from_on, item.until_on = terms.from_on, terms.until_on
    item.ht_cents, item.vat_cents = terms.ht_cents, terms.vat
    item.eservice_id, item.payer_id = terms.eservice_id, terms.payer_id
    item.users = sorted(str(one) for one in terms.users)


def facts_of(item: CostItem) -> dict[str, object]:
    """What the register keeps of a cost."""
    return {
        "kind": item.kind, "label": item.label, "from": item.from_on.isoformat(), "until": item.until_on.isoformat(),
        "ht_cents": item.ht_cents, "vat_cents": item.vat_cents, "key": item.key_code, "users": item.users,
        "eservice": str(item.eservice_id) if item.eservice_id else None,
        "payer": str(item.payer_id) if item.payer_id else None,
    }  # fmt: skip
