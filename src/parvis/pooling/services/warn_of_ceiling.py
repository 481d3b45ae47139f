from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authorities
from parvis.kit import scope
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement
from parvis.pooling.rules.ceiling import reached
from parvis.pooling.selectors.members import members_on
from parvis.pooling.selectors.today import today
from parvis.pooling.services.reserve import Reserved
from parvis.pooling.services.tell_members import tell_members


def warn_of_ceiling(framework: FrameworkAgreement, reserved: Reserved) -> int:
    """Tell every member, once, that half, three quarters or nine tenths of the maximum are used; the alert, or 0.

    Called in the transaction that moved the counter, whose row it holds: two issues never send the same alert.
    """
    now = reached(reserved.used_cents, reserved.max_cents)
    if now <= reserved.alerted_percent:
        return 0
    with scope.authority(framework.authority_id):
        FrameworkAgreement.objects.filter(id=framework.id).update(alerted_percent=now)
    title = _("Accord-cadre {reference}\u202f: {percent}\u00a0% du maximum sont utilisés")
    text = _(
        "Les commandes de tous les membres font {used} hors taxes, pour un maximum de {max}. Il reste {left}."
        " Au-delà, une commande est refusée."
    )
    words = {
        "reference": framework.reference, "percent": now, "used": euros(reserved.used_cents),
        "max": euros(reserved.max_cents), "left": euros(reserved.max_cents - reserved.used_cents),
    }  # fmt: skip
    for house in authorities({one.member_id for one in members_on(framework.group, today())}):
        address = settings.PUBLIC_URL + reverse("framework", args=[house.slug, framework.group_id, framework.id])
        full = text.format(**words) + "\n\n" + _("Sa consommation est ici\u202f:\n{address}").format(address=address)
        once = f"ceiling:{framework.id}:{reserved.max_cents}:{now}"
        tell_members([house.id], title.format(**words), full, once=once, subject_id=framework.id)
    return now
