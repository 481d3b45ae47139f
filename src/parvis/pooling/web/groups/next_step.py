"""What comes next in a group, for whoever looks: one sentence and where to go."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.kit.jinja import date_long
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.chain import Chain
from parvis.pooling.selectors.groups import MemberRow
from parvis.pooling.selectors.reach import coordinates
from parvis.pooling.states import GroupState, MembershipState
from parvis.pooling.web.groups.places_to_go import consultation_url, group_url


@dataclass(frozen=True, slots=True)
class NextStep:
    """`label` and `url` are empty when there is only to wait."""

    text: str
    label: str = ""
    url: str = ""


def next_step(
    request: Any, group: JointProcurement, found: Chain, own: Membership, members: list[MemberRow]
) -> NextStep:
    """`own`: the place of the agent's authority in the group."""
    if group.state == GroupState.ENDED:
        day = group.ends_on - timedelta(days=1) if group.ends_on else None
        return NextStep(_("Il a pris fin le {day}. Tout reste à lire.").format(day=date_long(day) if day else ""))
    if coordinates(group):
        return _of_coordinator(request, group, found, members)
    return _of_member(request, group, found, own)


def _go(request: Any, group: JointProcurement, text: str, label: str, page: str, *more: Any) -> NextStep:
    url = group_url(request, group, page, *more)
    return NextStep(text, label if url else "", url)


def _of_coordinator(request: Any, group: JointProcurement, found: Chain, members: list[MemberRow]) -> NextStep:
    waiting = [one for one in members if one.membership.state == MembershipState.NOTIFIED]
    if waiting:
        count = len(waiting)
        text = ngettext(
            "%(num)d collectivité a notifié sa décision et attend votre réponse.",
            "%(num)d collectivités ont notifié leur décision et attendent votre réponse.",
            count,
        ) % {"num": count}
        return _go(request, group, text, _("Lire la décision"), "membership", waiting[0].membership.id)
    if group.state == GroupState.PREPARING:
        text = _("Prochaine étape\u202f: faire signer la convention constitutive, puis la joindre.")
        return _go(request, group, text, _("Démarrer le groupement"), "group_start")
    if len(members) == 1:
        text = _("Vous êtes seul pour le moment. Invitez les communes intéressées.")
        return _go(request, group, text, _("Inviter une commune"), "group_invite")
    return _of_purchase(request, group, found)


def _of_purchase(request: Any, group: JointProcurement, found: Chain) -> NextStep:
    line = found.consultation
    if found.frameworks:
        if found.free_needs:
            text = _("De nouveaux besoins attendent une consultation.")
            return _go(request, group, text, _("Lire les besoins"), "group_needs")
        return _go(request, group, _("L’accord-cadre est en place."), _("Suivre les commandes"), "group_orders")
    if line is None and found.free_needs:
        text = _("Les besoins sont écrits. Prochaine étape\u202f: les réunir dans une consultation.")
        return _go(request, group, text, _("Ouvrir la consultation"), "needs_consolidate")
    if line is None:
        text = _(
            "Prochaine étape\u202f: chaque membre écrit ses besoins. Un accord-cadre existe déjà\u202f? Reprenez-le."
        )
        return _go(request, group, text, _("Lire les besoins"), "group_needs")
    if found.awarded:
        text = _("Le marché est attribué. Prochaine étape\u202f: créer l’accord-cadre et son bordereau des prix.")
        return _go(request, group, text, _("Créer l’accord-cadre"), "group_frameworks")
    text = _("La consultation {reference} est à l’état «\u202f{state}\u202f».")
    text = text.format(reference=line.reference, state=line.state_label)
    url = consultation_url(request, line)
    if not url:
        text += " " + _("Un acheteur {of} la complète et la publie.").format(of=request.authority.of_name)
    return NextStep(text, _("Ouvrir la consultation") if url else "", url)


def _of_member(request: Any, group: JointProcurement, found: Chain, own: Membership) -> NextStep:
    if own.state == MembershipState.PROSPECT:
        stated = any(one.need.authority_id == own.member_id for one in found.needs)
        if own.missing:
            text = _("Le coordinateur vous a renvoyé votre décision\u202f: {missing}").format(missing=own.missing)
            return _go(request, group, text, _("Notifier de nouveau"), "membership_notify", own.id)
        if not stated:
            text = _(
                "Vous n’êtes pas encore membre. Prochaine étape\u202f: écrire vos besoins, puis notifier votre"
                " décision."
            )
            return _go(request, group, text, _("Écrire un besoin"), "need_new")
        text = _("Vos besoins sont écrits. Prochaine étape\u202f: notifier votre décision au coordinateur.")
        return _go(request, group, text, _("Notifier notre décision"), "membership_notify", own.id)
    if own.state == MembershipState.NOTIFIED:
        return NextStep(_("Le coordinateur lit votre décision. Vous recevrez sa réponse par courriel."))
    if found.frameworks:
        text = _("Vous pouvez commander. Les autres membres en sont informés avant l’émission.")
        return _go(request, group, text, _("Voir les commandes"), "group_orders")
    if any(one.need.authority_id == own.member_id for one in found.needs):
        return NextStep(_("Vos besoins sont écrits. Le coordinateur les réunit dans une consultation."))
    return _go(request, group, _("Prochaine étape\u202f: écrire vos besoins."), _("Écrire un besoin"), "need_new")
