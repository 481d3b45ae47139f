from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import FrameworkAgreement, OrderLine, PriceLine
from parvis.pooling.rules.kinds import KINDS
from parvis.pooling.rules.schedule import PriceRow
from parvis.pooling.services.held_framework import held_framework
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.save_framework import is_bound


@transaction.atomic
def write_schedule(framework_id: UUID, rows: Sequence[PriceRow], *, actor_id: UUID | None = None) -> FrameworkAgreement:
    """The whole price schedule as signed, in this order, from the first day of the framework: lines of the same code
    are corrected, those that are no longer there go. Once orders or an amendment rest on it: amend_framework.

    Raises Http404, Refusal not_coordinator, by_amendment, empty, unknown_kind, twice, used_line, invalid.
    """
    framework = held_framework(framework_id)
    if is_bound(framework):
        message = _("Des commandes ou un avenant reposent sur ce bordereau\u202f: ses prix changent par un avenant.")
        raise Refusal("by_amendment", message)
    if not rows:
        raise Refusal("empty", _("Un bordereau a au moins une ligne."))
    _drop_missing(framework, {one.code for one in rows})
    kept = {one.code: one for one in PriceLine.objects.filter(framework=framework)}
    seen: set[str] = set()
    for position, row in enumerate(rows):
        if row.code in seen:
            raise Refusal("twice", _("Le code {code} est deux fois dans le bordereau.").format(code=row.code))
        seen.add(row.code)
        line = kept.get(row.code) or PriceLine(framework=framework, circle_id=framework.circle_id)
        line.valid_from, line.position = framework.starts_on, position
        write_price(line, row)
    data = {"lines": len(rows), "codes": sorted(seen)}
    audit.record("framework.schedule_written", subject=framework.id, data=data, actor=actor_id)
    return framework


def write_price(line: PriceLine, row: PriceRow) -> None:
    """Raises Refusal unknown_kind, invalid."""
    if row.kind not in KINDS:
        raise Refusal("unknown_kind", _("La nature «\u202f{kind}\u202f» n’existe pas.").format(kind=row.kind))
    for name in PriceRow.__dataclass_fields__:
        setattr(line, name, getattr(row, name))
    save_checked(line)


def _drop_missing(framework: FrameworkAgreement, wanted: set[str]) -> None:
    for line in PriceLine.objects.filter(framework=framework).exclude(code__in=wanted):
        if OrderLine.objects.filter(price=line).exists():
            message = _(
                "Une commande en préparation se sert de la ligne {code}\u202f: gardez-la, ou retirez-la de la commande."
            )
            raise Refusal("used_line", message.format(code=line.code))
        line.delete()
