from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit.clock import PARIS
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement, PaperKind
from parvis.pooling.rules.ceiling import reached
from parvis.pooling.rules.framework_terms import Earlier
from parvis.pooling.services.attach_paper import attach_paper

# A file and its name.
Proof = tuple[str, BinaryIO]


def write_earlier(framework: FrameworkAgreement, earlier: Earlier, proof: Proof | None) -> None:
    """What was ordered before the take-up, in the counter too; the caller saves the row, new or held FOR UPDATE.

    Members are not written about what was there before them: the alerts it reaches are taken as sent. Raises Refusal
    not_taken_up, above_maximum, dates, no_proof, each with its field.
    """
    used = framework.used_cents - framework.earlier_cents + earlier.cents
    if earlier.cents:
        _require_sense(framework, earlier, proof, used)
    framework.used_cents, framework.earlier_cents = used, earlier.cents
    framework.earlier_until = earlier.until if earlier.cents else None
    framework.earlier_source = (earlier.source.strip() or proof_title()) if earlier.cents else ""
    framework.alerted_percent = reached(used, framework.max_cents)


def keep_proof(framework: FrameworkAgreement, proof: Proof | None, actor_id: UUID | None) -> None:
    """Beside the framework, read by all. Raises Refusal too_large, empty, disk_full."""
    if proof is not None:
        attach_paper(
            framework.id, framework.circle_id, PaperKind.OTHER, proof_title(), proof[1],
            owner_id=framework.authority_id, name=proof[0], dated=framework.earlier_until, actor_id=actor_id,
        )  # fmt: skip


def proof_title() -> str:
    return _("Justificatif de ce qui était commandé avant la reprise")


def _require_sense(framework: FrameworkAgreement, earlier: Earlier, proof: Proof | None, used: int) -> None:
    if not framework.taken_up:
        message = _("Cet accord-cadre vient d’une consultation faite ici\u202f: rien n’a pu être commandé avant.")
        raise Refusal("not_taken_up", message, "earlier_cents")
    if used > framework.max_cents:
        raise Refusal("above_maximum", _above(framework, used - earlier.cents), "earlier_cents")
    _require_day(framework, earlier.until)
    if not earlier.source.strip() and proof is None:
        message = _("Dites d’où vient ce montant, ou joignez le document qui le montre.")
        raise Refusal("no_proof", message, "earlier_source")


def _above(framework: FrameworkAgreement, orders: int) -> str:
    most = euros(framework.max_cents - orders)
    if not orders:
        return _("C’est plus que le maximum de {most}\u202f: vérifiez les deux montants.").format(most=most)
    message = _(
        "Les commandes émises ici ont pris {orders} sur un maximum de {max}\u202f: ce qui était commandé avant ne peut"
        " pas dépasser {most}."
    )
    return message.format(orders=euros(orders), max=euros(framework.max_cents), most=most)


def _require_day(framework: FrameworkAgreement, until: date | None) -> None:
    recorded = framework.recorded_at.astimezone(PARIS).date()
    if until is None:
        message = _("Dites jusqu’à quel jour ces commandes ont été passées.")
        raise Refusal("dates", message, "earlier_until")
    if until > recorded:
        message = _("L’accord-cadre est repris ici depuis le {day}\u202f: ensuite, les commandes se passent ici.")
        raise Refusal("dates", message.format(day=date_long(recorded)), "earlier_until")
    if not framework.starts_on <= until < framework.ends_on:
        message = _("L’accord-cadre commence le {day}\u202f: on n’y commande ni avant, ni après sa fin.")
        raise Refusal("dates", message.format(day=date_long(framework.starts_on)), "earlier_until")
