"""What each call of a hub goes through: its token, no session, no cookie, nothing kept on the way, a log line."""

import logging
import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD")


class Unusable(Exception):
    """A call that cannot be answered: `status` is that of the contract, the message says what is wrong."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def hub_call(view: View) -> View:
    """Opens a view to the hubs of PARVIS_ANTS_HUBS. The query is never logged: it may hold numbers."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        begun, hub = time.monotonic(), hub_of(request)
        try:
            if request.method not in METHODS:
                raise Unusable(405, "method_not_allowed", _("Seul GET est servi ici."))
            if hub is None:
                raise Unusable(401, "unauthorized", _("Jeton absent ou inconnu."))
            response = view(request)
        except Unusable as refusal:
            response = JsonResponse({"error": refusal.code, "detail": refusal.message}, status=refusal.status)
            if refusal.status == 405:
                response["Allow"] = ", ".join(METHODS)
        response["Cache-Control"] = "no-store"
        spent = (time.monotonic() - begun) * 1000
        logger.info("Hub %s: %s, %d, %.0f ms", hub or "unknown", view.__name__, response.status_code, spent)
        return response

    return csrf_exempt(answered)


def hub_of(request: HttpRequest) -> str | None:
    """The name of the hub whose token came in its header. Every token is compared, so that time tells nothing."""
    found = None
    for name, header, token in settings.ANTS_HUBS:
        if constant_time_compare(request.headers.get(header, ""), token):
            found = name
    return found
