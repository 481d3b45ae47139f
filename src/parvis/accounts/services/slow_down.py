from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.accounts.services.throttle import Limit, count, network_of
from parvis.kit.errors import Refusal


def slow_down(request: HttpRequest, action: str, by_network: Limit, **by_value: tuple[str, Limit]) -> None:
    """Counts one more use of what anybody may do without an account. Raises Refusal too_often above a limit.

    `by_value`: name -> (value, limit), such as the address that a letter would go to.
    """
    counters = {f"{action}:network:{network_of(get_adapter().get_client_ip(request))}": by_network}
    counters |= {f"{action}:{name}:{value}": limit for name, (value, limit) in by_value.items()}
    if count(counters):
        return
    message = _("Trop de demandes à la suite. Attendez une heure, puis recommencez\u202f: rien n’a été envoyé.")
    raise Refusal("too_often", message, next(iter(by_value), ""))
