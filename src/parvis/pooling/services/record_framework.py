from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement, FrameworkMember, JointProcurement
from parvis.pooling.rules.framework_terms import FrameworkTerms
from parvis.pooling.rules.term import too_long
from parvis.pooling.selectors.members import members_on
from parvis.pooling.selectors.reach import require_coordinator
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held import held_group, require_alive
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.write_earlier import Proof, keep_proof, write_earlier
from parvis.procurement import facade as procurement

COPIED = (
    "reference", "title", "contractor_name", "contractor_siret", "contractor_email", "launched_on", "awarded_on",
    "notified_on", "starts_on", "ends_on", "min_cents", "max_cents", "term_reason",
)  # fmt: skip


@transaction.atomic
def record_framework(
    group_id: UUID,
    terms: FrameworkTerms,
    *,
    award_id: UUID | None = None,
    proof: Proof | None = None,
    actor_id: UUID | None = None,
) -> FrameworkAgreement:
    """The framework agreement of a group: born of an award of its coordinator, or an existing contract that is entered
    here and, through procurement's own verb, in its list of contracts (`award_id` None).

    What an existing contract was ordered before is used of its maximum from the first day; `proof`: the paper that says
    so. The members named when the procedure was launched are those that were members that day; correct_entitlement says
    otherwise. Raises Http404, Refusal not_coordinator, ended, dates, too_long, not_a_framework, above_award, invalid,
    and those of write_earlier and record_existing_contract.
    """
    group = held_group(group_id)
    require_coordinator(group)
    require_alive(group)
    check_dates(terms)
    award = procurement.award(award_id) if award_id else _existing(terms, actor_id)
    if award.authority_id != group.authority_id:
        raise Refusal("not_a_framework", _("Ce marché n’est pas celui du coordinateur de ce groupement."))
    _check_award(award, terms)
    framework = FrameworkAgreement(group=group, circle_id=group.circle_id)
    write_terms(framework, terms)
    framework.award_id, framework.consultation_id = award.id, award.consultation_id
    framework.contractor_siret = award.contractor_siret
    write_earlier(framework, terms.earlier, proof)
    save_checked(framework)
    keep_proof(framework, proof, actor_id)
    named = _name_members(framework, group)
    data = {
        "group": str(group.id), "award": str(award.id), "reference": framework.reference,
        "min_cents": framework.min_cents, "max_cents": framework.max_cents, "from": terms.starts_on.isoformat(),
        "until": terms.ends_on.isoformat(), "identified": named, "term_reason": framework.term_reason,
        "earlier_cents": framework.earlier_cents, "earlier_source": framework.earlier_source,
        "earlier_until": framework.earlier_until.isoformat() if framework.earlier_until else None,
    }  # fmt: skip
    audit.record("framework.recorded", subject=framework.id, data=data, actor=actor_id)
    return framework


def write_terms(framework: FrameworkAgreement, terms: FrameworkTerms) -> None:
    for name in COPIED:
        value = getattr(terms, name)
        setattr(framework, name, value.strip() if isinstance(value, str) else value)


def check_dates(terms: FrameworkTerms) -> None:
    """Raises Refusal dates (with the field), too_long."""
    chain: tuple[tuple[str, date, str, date, str], ...] = (
        ("launched_on", terms.launched_on, "awarded_on", terms.awarded_on, _("La décision vient après le lancement.")),
        ("awarded_on", terms.awarded_on, "notified_on", terms.notified_on, _("La notification suit la décision.")),
        ("starts_on", terms.starts_on, "ends_on", terms.ends_on, _("La fin vient après le début.")),
    )
    for _first, early, field, late, message in chain:
        if late < early or (field == "ends_on" and late == early):
            raise Refusal("dates", _("{why} Vérifiez les deux dates.").format(why=message), field)
    if terms.notified_on > today():
        raise Refusal(
            "dates", _("Cette date est à venir\u202f: un accord-cadre s’enregistre une fois notifié."), "notified_on"
        )
    require_term(terms.starts_on, terms.ends_on, terms.term_reason)


def require_term(starts_on: date, ends_on: date, reason: str) -> None:
    """Raises Refusal too_long for more than four years without a written reason."""
    if too_long(starts_on, ends_on) and not reason.strip():
        message = _("Un accord-cadre dure quatre ans au plus. Au-delà, écrivez la raison\u202f: elle est gardée.")
        raise Refusal("too_long", message, "term_reason")


def _existing(terms: FrameworkTerms, actor_id: UUID | None) -> procurement.AwardView:
    """Entered in procurement first, which checks the SIRET and the dates."""
    if actor_id is None:
        raise ValueError("somebody enters an existing contract")
    if terms.signed_on is None or terms.signed_on > terms.notified_on:
        raise Refusal("dates", _("Donnez la date de signature\u202f: elle précède la notification."), "signed_on")
    months = (terms.ends_on.year - terms.starts_on.year) * 12 + terms.ends_on.month - terms.starts_on.month
    entered = procurement.AwardInput(
        reference=terms.reference, title=terms.title, contractor_name=terms.contractor_name,
        contractor_siret=terms.contractor_siret, decided_on=terms.awarded_on, duration_months=max(1, months),
        signed_on=terms.signed_on,
        notified_on=terms.notified_on, framework_min_cents=terms.min_cents, framework_max_cents=terms.max_cents,
    )  # fmt: skip
    return procurement.record_existing_contract(entered, actor_id=actor_id)


def _check_award(award: procurement.AwardView, terms: FrameworkTerms) -> None:
    if award.framework_max_cents is None:
        message = _("Ce marché n’est pas un accord-cadre\u202f: il a un prix, pas de maximum.")
        raise Refusal("not_a_framework", message)
    if terms.max_cents > award.framework_max_cents:
        message = _("Le maximum attribué est de {max}. Un maximum plus haut vient par un avenant.")
        raise Refusal("above_award", message.format(max=euros(award.framework_max_cents)), "max_cents")


def _name_members(framework: FrameworkAgreement, group: JointProcurement) -> list[str]:
    named = {one.member_id for one in members_on(group, framework.launched_on)}
    for one in members_on(group, today()):
        FrameworkMember.objects.create(
            framework=framework, circle_id=group.circle_id, member_id=one.member_id,
            identified_at_launch=one.member_id in named,
        )  # fmt: skip
    return sorted(str(one) for one in named)
