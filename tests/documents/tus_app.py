"""The facade's two tus functions alone, as the web server runs them: /<authority>/<owner>/<subject>/[<upload>/]."""

import os
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import django
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.site.settings")
django.setup()

from parvis.documents import facade  # noqa: E402


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    request = WSGIRequest(environ)
    authority_id, owner_id, subject_id, *rest = (UUID(part) for part in request.path.strip("/").split("/"))
    if rest:
        response = facade.tus_resource(request, rest[0], authority_id=authority_id, owner_id=owner_id)
    else:
        response = facade.tus_collection(
            request, authority_id=authority_id, owner_id=owner_id, subject_id=subject_id,
            max_size=10**10, location=lambda upload_id: f"{request.path}{upload_id}/",
        )  # fmt: skip
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    request_finished.send(sender=None)
    return [response.content]
