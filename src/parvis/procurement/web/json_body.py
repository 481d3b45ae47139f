"""Reads JSON bodies of the custody and opening pages; what is malformed is refused with one sentence."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal

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
