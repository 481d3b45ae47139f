"""RFC 3161: proof by a third party that a digest existed. Remote, so never inside a transaction."""

from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from cryptography import x509
from django.conf import settings

from parvis.audit.contracts import TokenView
from parvis.audit.services.platform_key import keys_folder, write_once
from parvis.kit import clock
from parvis.kit.errors import Permanent, RetryLater
from parvis.sealing.local_tsa import LocalTsa
from parvis.sealing.timestamp import TimestampError, build_request, load_roots, new_nonce, verify_response

TIMEOUT = 10.0
MAX_ANSWER = 64 * 1024


class TimestampAuthority(Protocol):
    """Answers a DER TimeStampReq by a DER TimeStampResp. `roots` may be empty: then who signed is not proved."""

    roots: list[x509.Certificate]

    def ask(self, request: bytes) -> bytes:
        """Raises RetryLater, Permanent."""


class HttpAuthority:
    def __init__(self, url: str, roots_file: str) -> None:
        self._url = url
        self.roots = load_roots(Path(roots_file).read_bytes()) if roots_file else []

    def ask(self, request: bytes) -> bytes:
        if not self._url.startswith(("https://", "http://")):
            raise Permanent("PARVIS_TSA_URL is not an http address")
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            with urlopen(Request(self._url, request, headers), timeout=TIMEOUT) as answer:  # noqa: S310
                return bytes(answer.read(MAX_ANSWER))
        except HTTPError as error:
            passing = error.code >= 500 or error.code in {401, 403, 408, 429}
            raise (RetryLater if passing else Permanent)(f"the timestamp authority answered {error.code}") from error
        except (URLError, OSError) as error:
            raise RetryLater(f"the timestamp authority does not answer: {error}") from error


class LocalAuthority:
    """The demo's own, unqualified: its keys are made on first use."""

    def __init__(self) -> None:
        folder = keys_folder() / "tsa"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / "local.pem"
        if not path.exists():
            write_once(path, LocalTsa.create("Horodatage de démonstration Parvis", clock.now()).to_pem())
        self._tsa = LocalTsa.from_pem(path.read_bytes())
        self.roots = [self._tsa.root]

    def ask(self, request: bytes) -> bytes:
        return self._tsa.respond(request, clock.now())


def timestamp_digest(digest: bytes) -> TokenView:
    """A verified token over a SHA-256 digest (32 bytes). Raises RetryLater, Permanent."""
    authority, nonce = _authority(), new_nonce()
    answer = authority.ask(build_request(digest, nonce))
    try:
        stamp = verify_response(answer, digest, roots=authority.roots, nonce=nonce)
    except TimestampError as error:
        # A refusal may pass; a false answer is not ours to trust, and a later one may be true.
        raise RetryLater(f"the timestamp authority's answer was not accepted: {error}") from error
    return TokenView(answer, stamp.authority, False, stamp.time)


def _authority() -> TimestampAuthority:
    if settings.TSA_URL:
        return HttpAuthority(settings.TSA_URL, settings.TSA_ROOTS)
    if settings.LOCAL:
        return LocalAuthority()
    raise RetryLater("no timestamp authority is configured (PARVIS_TSA_URL)")
