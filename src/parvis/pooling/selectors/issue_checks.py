"""What an order still lacks before its issue: shown on the page, and asked again by the verb."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from parvis.authorities.facade import authorities
from parvis.kit import clock
from parvis.kit.jinja import date_long, date_time_long
from parvis.kit.money import euros
from parvis.pooling.models import PurchaseOrder
from parvis.pooling.selectors.frameworks import in_term
from parvis.pooling.selectors.members import not_identified
from parvis.pooling.selectors.orders import Round, answers_words, lines_of, party_ids, round_of, stale_lines
from parvis.pooling.selectors.today import today


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of the issue. `holds` None: it holds if the signatory writes why (entitlement)."""

    code: str
    label: str
    holds: bool | None
    detail: str


def issue_checks(order: PurchaseOrder) -> list[Check]:
    """All of them, in the order in which a person reads them."""
    return [_member_information(round_of(order)), _prices(order), _term(order), _ceiling(order), _entitlement(order)]


def _member_information(told: Round) -> Check:
    label = _("Information du groupement")
    count = answers_words(told)
    if told.until is None:
        return Check("information", label, False, _("Les autres membres n’ont pas encore été informés."))
    if told.over:
        why = _("Le délai est passé.") if clock.now() > told.until else _("Tous ont répondu.")
        return Check("information", label, True, f"{why} {count}.")
    until = date_time_long(told.until)
    detail = _("{count}. Attendez que tous aient répondu, ou le {until}.").format(count=count, until=until)
    return Check("information", label, False, detail)


def _prices(order: PurchaseOrder) -> Check:
    stale = stale_lines(lines_of(order), today())
    if not stale:
        return Check("prices", _("Prix du bordereau"), True, _("Chaque ligne est au prix d’aujourd’hui."))
    detail = _("Le prix de «\u202f{label}\u202f» a changé depuis\u202f: reprenez la commande.")
    return Check("prices", _("Prix du bordereau"), False, detail.format(label=stale[0].label))


def _term(order: PurchaseOrder) -> Check:
    framework, day = order.framework, today()
    last = framework.ends_on - timedelta(days=1)
    words = {"start": date_long(framework.starts_on), "end": date_long(framework.ends_on), "last": date_long(last)}
    if in_term(framework, day):
        detail = _("L’accord-cadre court jusqu’au {last}.").format(**words)
        return Check("term", _("Durée de l’accord-cadre"), True, detail)
    early = _("L’accord-cadre ne commence que le {start}.")
    over = _("L’accord-cadre est terminé depuis le {end}\u202f: plus rien ne s’y commande.")
    detail = (early if day < framework.starts_on else over).format(**words)
    return Check("term", _("Durée de l’accord-cadre"), False, detail)


def _ceiling(order: PurchaseOrder) -> Check:
    framework = order.framework
    after = framework.used_cents + order.ht_cents
    words = {
        "before": euros(framework.used_cents), "after": euros(after), "max": euros(framework.max_cents),
        "left": euros(max(0, framework.max_cents - framework.used_cents)),
    }  # fmt: skip
    if after > framework.max_cents:
        detail = _("La commande dépasse le maximum de {max}\u202f: il reste {left} hors taxes.")
        return Check("ceiling", _("Maximum"), False, detail.format(**words))
    detail = _("{before} utilisés avant, {after} après, pour un maximum de {max} hors taxes.")
    return Check("ceiling", _("Maximum"), True, detail.format(**words))


def _entitlement(order: PurchaseOrder) -> Check:
    label = _("Droit de commander")
    missing = authorities(not_identified(order.framework, party_ids(order)))
    if not missing:
        detail = _("Les collectivités de cette commande étaient nommées au lancement de la procédure.")
        return Check("entitlement", label, True, detail)
    detail = _(
        "La procédure ne nommait pas à son lancement\u202f: {names}. Selon les recommandations de l’État, une"
        " collectivité venue après peut ne pas avoir droit à cet accord-cadre (à confirmer par un juriste). Pour"
        " continuer, écrivez pourquoi\u202f: la raison est gardée avec votre nom."
    )
    return Check("entitlement", label, None, detail.format(names=", ".join(one.name for one in missing)))
