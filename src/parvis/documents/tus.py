"""tus 1.0 over HTTP: creation, checksum, termination. The gate of the calling room says who comes in; no transaction
may be open.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from parvis.documents.models import UploadEvent
from parvis.documents.rules import HeaderError, format_metadata, parse_checksum, parse_count, parse_metadata
from parvis.documents.services.create_upload import create_upload
from parvis.documents.services.receive_part import STATUSES, Cut, Part, owned_upload, receive_part
from parvis.documents.services.remove_upload import remove_upload
from parvis.documents.services.trace_attempt import Visitor, trace_attempt
from parvis.kit import scope
from parvis.kit.errors import Refusal

VERSION = "1.0.0"
CONTENT_TYPE = "application/offset+octet-stream"
BLOCK = 256 * 1024
_NO_SUBJECT = UUID(int=0)


def tus_collection(
    request: HttpRequest,
    *,
    authority_id: UUID,
    owner_id: UUID,
    subject_id: UUID,
    max_size: int,
    location: Callable[[UUID], str],
    max_waiting: int | None = None,
) -> HttpResponse:
    """POST creates an upload of at most `max_size` bytes, OPTIONS tells what is possible. `location` gives the URL of
    an upload; `max_waiting` bounds the bytes that an owner announces for the subject without sealing them.
    """
    visitor = Visitor(authority_id, owner_id, subject_id, _client_clock(request))
    match _method(request):
        case "OPTIONS":
            return _options(max_size)
        case "POST":
            return _answered(request, lambda: _create(request, visitor, max_size, max_waiting, location))
    return _not_allowed("OPTIONS, POST")


def tus_resource(request: HttpRequest, upload_id: UUID, *, authority_id: UUID, owner_id: UUID) -> HttpResponse:
    """HEAD tells the offset, PATCH adds a part, DELETE takes the upload back. Another owner's upload is not found."""
    visitor = Visitor(authority_id, owner_id, _NO_SUBJECT, _client_clock(request))
    match _method(request):
        case "OPTIONS":
            return _options(None)
        case "HEAD":
            return _answered(request, lambda: _head(visitor, upload_id))
        case "PATCH":
            return _answered(request, lambda: _patch(request, visitor, upload_id))
        case "DELETE":
            return _answered(request, lambda: _delete(visitor, upload_id))
    return _not_allowed("DELETE, HEAD, OPTIONS, PATCH")


def _method(request: HttpRequest) -> str:
    """Some proxies let only GET and POST through."""
    override = request.headers.get("X-HTTP-Method-Override", "").upper()
    if request.method == "POST" and override in {"PATCH", "DELETE"}:
        return override
    return request.method or ""


def _answered(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        if request.headers.get("Tus-Resumable") != VERSION:
            raise Refusal(
                "version",
                _("Cette page d’envoi n’est plus à jour. Actualisez-la\u202f: l’envoi reprendra où il en était."),
            )
        response = act()
    except HeaderError as error:
        response = _refused(
            Refusal(
                "malformed",
                _("La demande d’envoi est mal formée (%(reason)s). Actualisez la page et recommencez.")
                % {"reason": error},
            )
        )
    except Refusal as refusal:
        response = _refused(refusal)
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


def _refused(refusal: Refusal) -> HttpResponse:
    status = STATUSES[refusal.code]
    response = JsonResponse({"error": {"code": refusal.code, "message": refusal.message}}, status=status)
    if status == 460:
        response.reason_phrase = "Checksum Mismatch"
    if status == 412:
        response["Tus-Version"] = VERSION
    if status in {423, 507}:
        response["Retry-After"] = "5"
    return response


def _options(max_size: int | None) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Resumable"] = response["Tus-Version"] = VERSION
    response["Tus-Extension"] = "creation,checksum,termination"
    response["Tus-Checksum-Algorithm"] = "sha256"
    if max_size is not None:
        response["Tus-Max-Size"] = str(max_size)
    return response


def _not_allowed(allowed: str) -> HttpResponse:
    return HttpResponse(status=405, headers={"Allow": allowed})


def _create(
    request: HttpRequest, visitor: Visitor, max_size: int, max_waiting: int | None, location: Callable[[UUID], str]
) -> HttpResponse:
    size = parse_count(request.headers.get("Upload-Length"))
    metadata = parse_metadata(request.headers.get("Upload-Metadata", ""))
    upload_id = create_upload(visitor, size, max_size, metadata, max_waiting=max_waiting)
    return HttpResponse(status=201, headers={"Location": location(upload_id)})


def _head(visitor: Visitor, upload_id: UUID) -> HttpResponse:
    with scope.authority(visitor.authority_id):
        upload = owned_upload(visitor, upload_id)
    headers = {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size)}
    if upload.metadata:
        headers["Upload-Metadata"] = format_metadata(upload.metadata)
    return HttpResponse(status=200, headers=headers)


def _patch(request: HttpRequest, visitor: Visitor, upload_id: UUID) -> HttpResponse:
    visitor = _known(visitor, upload_id)
    try:
        part = _announced(request)
    except (HeaderError, Refusal) as error:
        code = error.code if isinstance(error, Refusal) else "malformed"
        with scope.authority(visitor.authority_id):
            trace_attempt(visitor, UploadEvent.REFUSED, upload_id, status=STATUSES[code], code=code)
        raise
    offset = receive_part(visitor, upload_id, part)
    return HttpResponse(status=204, headers={"Upload-Offset": str(offset)})


def _known(visitor: Visitor, upload_id: UUID) -> Visitor:
    """The visitor with the subject of the upload, without which its trace could not be found. Raises Refusal not_found,
    gone.
    """
    with scope.authority(visitor.authority_id):
        subject_id = owned_upload(visitor, upload_id).subject_id
    return Visitor(visitor.authority_id, visitor.owner_id, subject_id, visitor.client_clock)


def _announced(request: HttpRequest) -> Part:
    if request.content_type != CONTENT_TYPE:
        raise Refusal(
            "media_type",
            _("Cette page d’envoi n’est plus à jour. Actualisez-la\u202f: l’envoi reprendra où il en était."),
        )
    offset = parse_count(request.headers.get("Upload-Offset"))
    given = request.headers.get("Upload-Checksum")
    length = request.META.get("CONTENT_LENGTH") or None
    if length is None and not request.META.get("wsgi.input_terminated"):
        raise Refusal(
            "length_required",
            _("Votre connexion n’annonce pas la taille de l’envoi. Essayez un autre navigateur ou un autre réseau."),
        )
    announced = None if length is None else parse_count(length)
    return Part(
        offset, announced, parse_checksum(given) if given else None, _body(request.META["wsgi.input"], announced)
    )


def _body(stream: Any, length: int | None) -> Iterator[bytes]:
    """Blocks of the body. Django shows none for a chunked transfer, so the server's own stream is read. Raises Cut."""
    left = length
    while left is None or left > 0:
        try:
            block = stream.read(BLOCK if left is None else min(BLOCK, left))
        except (OSError, RuntimeError) as error:
            raise Cut from error
        if not block:
            if left:
                raise Cut
            return
        yield block
        if left is not None:
            left -= len(block)


def _delete(visitor: Visitor, upload_id: UUID) -> HttpResponse:
    remove_upload(_known(visitor, upload_id), upload_id)
    return HttpResponse(status=204)


def _client_clock(request: HttpRequest) -> datetime | None:
    """`X-Parvis-Clock`: milliseconds since 1970 by the visitor's clock, kept beside ours."""
    text = request.headers.get("X-Parvis-Clock", "")
    return datetime.fromtimestamp(int(text) / 1000, UTC) if text.isdecimal() and len(text) == 13 else None
