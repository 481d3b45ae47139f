from django.utils.translation import gettext as _

from parvis.kit import clock, scope
from parvis.pooling.models import OrderState, PurchaseOrder, SentReminder
from parvis.pooling.selectors.orders import answers_words, round_of
from parvis.pooling.services.tell_of_order import tell_of_order


def warn_of_answers() -> int:
    """Tell the authority in scope that the delay of its announced orders has passed: they may be issued; how many."""
    here, told = scope.current_authority(), 0
    over = PurchaseOrder.objects.filter(
        authority_id=here, state=OrderState.INFORMED, answers_until__lt=clock.now()
    ).select_related("framework")
    for order in over:
        assert order.informed_at
        _row, is_new = SentReminder.objects.get_or_create(
            subject_id=order.id, code=f"answers:{order.informed_at.isoformat()}"
        )
        if not is_new:
            continue
        heard = round_of(order)
        title = _("Vous pouvez émettre la commande «\u202f{title}\u202f»").format(title=order.title)
        text = _("Le délai d’information du groupement est passé\u202f: {answers}.").format(
            answers=answers_words(heard)
        )
        if heard.wishes:
            names = ", ".join(one.member.name for one in heard.wishes)
            text += " " + _("Demandent à se joindre à votre commande\u202f: {names}.").format(names=names)
        tell_of_order(order, [here], title, text, once=f"over:{order.informed_at.isoformat()}")
        told += 1
    return told
