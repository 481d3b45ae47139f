"""Speaks tus to the facade as a browser does to a view."""

import base64
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from parvis.documents import facade
from parvis.kit import scope
from tests.world import an_authority

OWNER, SUBJECT = uuid.uuid4(), uuid.uuid4()
TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
PART = "application/offset+octet-stream"


def sum_of(body: bytes) -> str:
    return "sha256 " + base64.b64encode(hashlib.sha256(body).digest()).decode()


class Sender:
    def __init__(self, owner: uuid.UUID = OWNER, max_size: int = 10**8) -> None:
        self.authority_id = an_authority().id
        self.owner, self.max_size, self.upload = owner, max_size, uuid.UUID(int=1)

    def create(self, size: object, **headers: str) -> HttpResponse:
        request = RequestFactory().post("/x/", HTTP_UPLOAD_LENGTH=str(size), **{**TUS, **headers})
        response = facade.tus_collection(
            request, authority_id=self.authority_id, owner_id=self.owner, subject_id=SUBJECT,
            max_size=self.max_size, location=lambda upload_id: f"/x/{upload_id}/",
        )  # fmt: skip
        if response.status_code == 201:
            self.upload = uuid.UUID(response["Location"].split("/")[2])
        return response

    def ask(self, request: HttpRequest, owner: uuid.UUID | None = None) -> HttpResponse:
        return facade.tus_resource(request, self.upload, authority_id=self.authority_id, owner_id=owner or self.owner)

    def patch(self, body: bytes, offset: object, **headers: Any) -> HttpResponse:
        extra = {**TUS, "HTTP_UPLOAD_OFFSET": str(offset), **headers}
        kind = extra.pop("type", PART)
        return self.ask(
            RequestFactory().generic("PATCH", "/x/", body, **{"CONTENT_TYPE": kind, "content_type": kind, **extra})
        )

    def head(self, owner: uuid.UUID | None = None) -> HttpResponse:
        return self.ask(RequestFactory().head("/x/", **TUS), owner)

    def delete(self) -> HttpResponse:
        return self.ask(RequestFactory().delete("/x/", **TUS))

    @property
    def path(self) -> Path:
        with scope.authority(self.authority_id):
            return facade.upload_path(self.upload)

    def view(self) -> facade.UploadView:
        with scope.authority(self.authority_id):
            return facade.lock_uploads([self.upload], owner_id=self.owner, subject_id=SUBJECT)[0]

    def trace(self) -> list[tuple[str, int, int, int, str]]:
        with scope.authority(self.authority_id):
            return [(a.event, a.offset, a.received, a.status, a.code) for a in facade.attempts(SUBJECT)]


def code(response: HttpResponse) -> str:
    return str(json.loads(response.content)["error"]["code"])
