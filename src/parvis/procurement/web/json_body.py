"""Reads JSON bodies of the custody and opening pages; what is malformed is refused with one sentence."""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from parvis.authorities.facade import refusal_response
from parvis.kit.errors import Refusal

log = logging.getLogger("parvis.procurement")
# PostgreSQL's name for a full disk.
DISK_FULL = "53100"
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def malformed() -> Refusal:
    message = _(
        "La demande n’est pas arrivée entière. Rechargez la page et recommencez\u202f: rien n’a été enregistré."
    )
    return Refusal("malformed", message)


def json_body(request: HttpRequest) -> dict[str, Any]:
    """Raises Refusal unless the body is a JSON object."""
    try:
        data = json.loads(request.body)
    except MALFORMED as error:
        raise malformed() from error
    if not isinstance(data, dict):
        raise malformed()
    return data


def answers_full_disk(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Outside the gate, whose transaction is then undone: a database without room answers 507 and says what to do."""

    @wraps(view)
    def outside(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != DISK_FULL:
                raise
            log.critical("the database has no room left: %s", error)
            message = _(
                "La plateforme manque de place pour enregistrer votre demande. Rien de ce que vous avez envoyé n’est "
                "perdu. L’exploitant est prévenu\u202f: réessayez dans quelques minutes."
            )
            response = refusal_response(Refusal("disk_full", message), 507)
            response["Retry-After"] = "5"
            return response

    return outside
