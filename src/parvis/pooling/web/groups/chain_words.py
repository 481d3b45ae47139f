"""The chain of a group in words: each link with its state, its figures and how they were made, and what is to do."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement, JointProcurement
from parvis.pooling.rules.ceiling import percent as percent_of
from parvis.pooling.selectors.chain import Chain
from parvis.pooling.selectors.reach import coordinates
from parvis.pooling.states import GroupState
from parvis.pooling.web.groups.places_to_go import consultation_url, group_url
from parvis.pooling.web.percent import percent_words


@dataclass(frozen=True, slots=True)
class Link:
    """`figures`: (amount or count, what it is). `why`: their computation. `to_do` is "" once the link is made."""

    title: str
    state: str
    tone: str
    text: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    why: tuple[str, ...] = ()
    label: str = ""
    url: str = ""
    to_do: str = ""


def links(request: Any, group: JointProcurement, found: Chain) -> list[Link]:
    """In the order of the chain."""
    return [
        _needs(request, group, found), _consultation(request, group, found), _framework(request, group, found),
        _orders(request, group, found), _services(group, found), _shares(request, group, found),
        _statements(request, group, found),
    ]  # fmt: skip


def _not_yet() -> str:
    return _("Pas encore")


def _needs(request: Any, group: JointProcurement, found: Chain) -> Link:
    title, url = _("Besoins"), group_url(request, group, "group_needs")
    if not found.needs:
        to_do = _("Chaque membre écrit ce qu’il lui faut\u202f: quelques mots, une quantité, une estimation.")
        return Link(title, _not_yet(), "", label=_("Écrire un besoin"), url=url, to_do=to_do)
    estimated = sum(one.estimated_cents for one in found.gathered)
    unknown = sum(one.unknown for one in found.gathered)
    members = len({one.need.authority_id for one in found.needs})
    taken = sum(one.taken_by is not None for one in found.needs)
    why = [_("La somme des estimations que les membres ont écrites, hors taxes, sur toute la durée.")]
    if unknown:
        why.append(
            ngettext("%(num)d besoin n’a pas d’estimation.", "%(num)d besoins n’ont pas d’estimation.", unknown)
            % {"num": unknown}
        )
    waiting = len(found.needs) - taken
    state = _("Repris par une consultation") if not waiting else _("À réunir")
    return Link(
        title, state, "success" if not waiting else "warning",
        figures=(
            (str(len(found.needs)), ngettext("besoin", "besoins", len(found.needs))),
            (str(members), ngettext("collectivité", "collectivités", members)),
            (euros(estimated), _("estimés, hors taxes")),
        ),
        why=tuple(why), label=_("Lire les besoins"), url=url,
    )  # fmt: skip


def _consultation(request: Any, group: JointProcurement, found: Chain) -> Link:
    title, line = _("Consultation"), found.consultation
    if line is None and found.frameworks:
        text = _(
            "L’accord-cadre a été repris tel qu’il existait\u202f: sa consultation a eu lieu hors de la plateforme."
        )
        return Link(title, _("Faite ailleurs"), "info", text=text)
    if line is None:
        to_do = _("Elle s’ouvre depuis les besoins, déjà remplie, avec tous les membres.")
        ready = coordinates(group) and found.free_needs and group.state == GroupState.RUNNING
        url = group_url(request, group, "needs_consolidate") if ready else ""
        return Link(title, _not_yet(), "", label=_("Réunir les besoins"), url=url, to_do=to_do)
    url = consultation_url(request, line)
    text = f"{line.reference} · {line.title}"
    tone = "success" if found.awarded else "info"
    return Link(
        title, line.state_label, tone, text=text, label=_("Ouvrir la consultation"), url=url,
        to_do="" if found.awarded else _("L’attribution suivra."),
    )  # fmt: skip


def _framework(request: Any, group: JointProcurement, found: Chain) -> Link:
    title, url = _("Accord-cadre"), group_url(request, group, "group_frameworks")
    if not found.frameworks:
        to_do = _("Il naît de l’attribution\u202f; un accord-cadre qui existe déjà se reprend à la main.")
        mine = coordinates(group)
        return Link(title, _not_yet(), "", label=_("Créer l’accord-cadre") if mine else "", url=url, to_do=to_do)
    used = sum(one.used_cents for one in found.frameworks)
    most = sum(one.max_cents for one in found.frameworks)
    least = sum(one.min_cents for one in found.frameworks)
    earlier = sum(one.earlier_cents for one in found.frameworks)
    percent = percent_of(used, most)
    words = percent_words(percent)
    before = _("Dont {earlier} commandés avant Parvis, sans bon de commande ici.").format(earlier=euros(earlier))
    why = (
        _(
            "Engagé\u202f: les commandes émises, moins ce qu’elles ont rendu. Chaque commande prend son montant à"
            " l’émission."
        ),
        _("{used} sur {most}, soit {percent}, arrondi au dixième inférieur.").format(
            used=euros(used), most=euros(most), percent=words
        ),
        _("Au-delà du maximum, une commande est refusée\u202f: l’accord-cadre a épuisé ses effets."),
        *((before,) if earlier else ()),
    )
    return Link(
        title, _("{percent} du maximum").format(percent=words),
        "danger" if percent >= 90 else "warning" if percent >= 75 else "success",
        text="\n".join(_one_framework(one) for one in found.frameworks),
        figures=((euros(used), _("engagés")), (euros(most), _("maximum")), (euros(least), _("minimum"))),
        why=why, label=_("Ouvrir l’accord-cadre"), url=url,
    )  # fmt: skip


def _one_framework(one: FrameworkAgreement) -> str:
    last = date_long(one.ends_on - timedelta(days=1))
    return _("{reference}, {contractor}, jusqu’au {last}").format(
        reference=one.reference, contractor=one.contractor_name, last=last
    )


def _orders(request: Any, group: JointProcurement, found: Chain) -> Link:
    title, orders = _("Commandes"), found.orders
    url = group_url(request, group, "group_orders")
    if not orders.counted and not orders.announced:
        to_do = _("Chaque membre commande dans le bordereau des prix, après avoir informé les autres.")
        return Link(
            title, _not_yet(), "", label=_("Voir les commandes") if found.frameworks else "", url=url, to_do=to_do
        )
    figures = [
        (str(orders.counted), ngettext("commande émise", "commandes émises", orders.counted)),
        (euros(orders.ht_cents), _("commandés, hors taxes")),
        (str(orders.delivered), ngettext("reçue", "reçues", orders.delivered)),
    ]
    if orders.announced:
        figures.append(
            (str(orders.announced), ngettext("annoncée au groupement", "annoncées au groupement", orders.announced))
        )
    why = (
        _("Les bons de commande émis de tous les membres, moins ce qui a été rendu au maximum. Les brouillons et les"
          " commandes annulées ne comptent pas."),
    )  # fmt: skip
    state = _("En cours") if orders.counted else _("Annoncées")
    return Link(title, state, "success", figures=tuple(figures), why=why, label=_("Voir les commandes"), url=url)


def _services(group: JointProcurement, found: Chain) -> Link:
    title, services = _("Téléservices"), found.services
    if not services.offered:
        to_do = _(
            "Un téléservice commandé ici s’ouvre à la réception\u202f; ceux d’aujourd’hui se reprennent à la main."
        )
        return Link(title, _not_yet(), "", to_do=to_do)
    why = (
        _("Les téléservices que les membres proposent aujourd’hui à leurs habitants, chacun compté une fois\u202f;"
          " partagés\u202f: par deux membres ou plus\u202f; ouverts ici\u202f: par une commande de ce groupement."),
    )  # fmt: skip
    figures = (
        (str(services.offered), ngettext("téléservice proposé", "téléservices proposés", services.offered)),
        (str(services.shared), ngettext("partagé", "partagés", services.shared)),
        (str(services.ordered), ngettext("ouvert par une commande", "ouverts par une commande", services.ordered)),
    )
    return Link(title, _("En service"), "success", figures=figures, why=why)


def _shares(request: Any, group: JointProcurement, found: Chain) -> Link:
    title, shares, url = _("Parts"), found.shares, group_url(request, group, "group_costs")
    if shares is None:
        to_do = _("Les coûts à partager viennent des commandes et des factures\u202f; la clé dit la part de chacun.")
        return Link(title, _not_yet(), "", label=_("Voir les coûts"), url=url, to_do=to_do)
    state = _("Exercice {year} arrêté") if shares.closed == shares.costs else _("Exercice {year}, estimé")
    why = (
        _("La somme des coûts à partager de l’exercice {year}, hors taxes\u202f: le montant définitif de ceux qui sont"
          " arrêtés, l’estimation des autres.").format(year=shares.year),
    )  # fmt: skip
    figures = (
        (str(shares.costs), ngettext("coût", "coûts", shares.costs)),
        (str(shares.closed), ngettext("arrêté", "arrêtés", shares.closed)),
        (euros(shares.ht_cents), _("à partager, hors taxes")),
    )
    return Link(
        title, state.format(year=shares.year), "success" if shares.closed == shares.costs else "info",
        figures=figures, why=why, label=_("Voir la part de chacun"), url=url,
    )  # fmt: skip


def _statements(request: Any, group: JointProcurement, found: Chain) -> Link:
    title, called, url = _("Relevés"), found.called, group_url(request, group, "group_statements")
    if not called.count:
        to_do = _("Un relevé par membre qui doit quelque chose, à chaque acompte puis au solde.")
        return Link(title, _not_yet(), "", label=_("Voir les relevés"), url=url, to_do=to_do)
    due = called.called_cents - called.paid_cents
    why = (
        _(
            "Appelé\u202f: tous les relevés, moins les avoirs, toutes taxes comprises. Payé\u202f: ce que le comptable"
            " a noté."
        ),
    )
    figures = (
        (str(called.count), ngettext("relevé", "relevés", called.count)),
        (euros(called.called_cents), _("appelés")), (euros(called.paid_cents), _("payés")), (euros(due), _("à payer")),
    )  # fmt: skip
    state, tone = (_("Tout est payé"), "success") if due <= 0 else (_("À payer"), "warning")
    return Link(title, state, tone, figures=figures, why=why, label=_("Voir les relevés"), url=url)
