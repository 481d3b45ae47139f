from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.notifications.rules.numbers import mobile_number


def read_mobile(typed: str, field: str = "phone") -> str:
    """The number as E.164, from what a person typed. Raises Refusal: it gets no SMS, or we do not serve its country."""
    number = mobile_number(typed)
    if number is None:
        raise Refusal(
            "bad_mobile",
            _(
                "Ce numéro ne peut pas recevoir nos SMS. Donnez un numéro de mobile, par exemple 06\u00a039\u00a098"
                "\u00a000\u00a001, ou celui d’un pays voisin avec son indicatif (+41, +49…)."
            ),
            field,
        )
    return number
