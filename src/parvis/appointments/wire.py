"""One HTTP exchange with a limit on its whole duration and on its size, by libcurl (docs/adr/0031)."""

import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi
import pycurl

from parvis.kit.errors import RetryLater

MAX_ANSWER = 256 * 1024
_ROOTS = ssl.get_default_verify_paths()  # of this machine, where an operator adds their own; else those of certifi
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def exchange(method: str, url: str, headers: list[str], seconds: float) -> Answer:
    """No redirect is followed. `seconds` runs from the name's look-up to the last byte. Raises RetryLater."""
    body = bytearray()

    def keep(part: bytes) -> int | None:
        body.extend(part)
        return -1 if len(body) > MAX_ANSWER else None  # what is not the number of bytes taken stops libcurl

    curl = pycurl.Curl()
    try:
        _prepare(curl, method, url, headers, seconds)
        curl.setopt(pycurl.WRITEFUNCTION, keep)
        curl.perform()
        return Answer(int(curl.getinfo(pycurl.RESPONSE_CODE)), bytes(body))
    except pycurl.error as error:
        reason = "it answers more than allowed" if len(body) > MAX_ANSWER else error.args[-1]
        raise RetryLater(f"no answer from {urlsplit(url).hostname}: {reason}") from error
    finally:
        curl.close()


def _prepare(curl: pycurl.Curl, method: str, url: str, headers: list[str], seconds: float) -> None:
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.CAINFO, _ROOTS.cafile or certifi.where())
    if _ROOTS.capath:
        curl.setopt(pycurl.CAPATH, _ROOTS.capath)
    curl.setopt(pycurl.NOSIGNAL, 1)  # several threads serve
    curl.setopt(pycurl.FOLLOWLOCATION, 0)  # a redirect would carry the token to whoever is named there
    curl.setopt(pycurl.TIMEOUT_MS, max(1, round(seconds * 1000)))
    curl.setopt(pycurl.USERAGENT, "Parvis")
    if method == "POST":
        curl.setopt(pycurl.POSTFIELDS, "")
        headers = [*headers, "Content-Type:"]
    curl.setopt(pycurl.CUSTOMREQUEST, method)
    curl.setopt(pycurl.HTTPHEADER, headers)
    if urlsplit(url).hostname in _LOOPBACK:
        curl.setopt(pycurl.PROXY, "")  # the machine's own proxy is for the outside
