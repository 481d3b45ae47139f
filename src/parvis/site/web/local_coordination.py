"""The national coordination service, played here for the demo and the tests: same paths, same parameters, same answers.

A number decides what is played (`FAMILIES`); a switch on its page breaks the whole service. What the contract does not
say is our guess: 422 for a missing or unreadable parameter, 400 for an address declared twice or a number that takes no
appointment. Mounted only where settings.LOCAL (site/web/urls.py).
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from parvis.kit import clock

SLOW = 6.0  # seconds before a late answer: more than a page waits
DRIP = (24, 0.5)  # bytes, and seconds between two
HEADER = "x-rdv-opt-auth-token"
KEPT = 500  # appointments, the newest

_NUMBER = re.compile(r"[A-Z0-9]{10}")
_DECLARED, _FAULT = "local-coordination:declared", "local-coordination:fault"
_LOCK = 7_301_100_118  # of PostgreSQL, for what every process shares
_NEVER = threading.Event()  # waited for instead of sleeping
_HALF = b'{"'.ljust(DRIP[0])


class Play(StrEnum):
    VALIDATED = "validated"
    DECLARED = "declared"
    UNKNOWN = "unknown"
    CONSUMED = "consumed"
    EXPIRED = "expired"
    ELSEWHERE = "elsewhere"
    SLOW = "slow"
    ERROR = "error"
    NONSENSE = "nonsense"
    REFUSED = "refused"
    DRIP = "drip"


@dataclass(frozen=True, slots=True)
class Family:
    """Numbers that fit `stem`, from `first` to `last`."""

    stem: str
    first: str
    last: str
    play: Play


FAMILIES = (
    Family("SOLOCAL00[1-3]", "SOLOCAL001", "SOLOCAL003", Play.VALIDATED),
    Family("SOLOCAL00[7-9]", "SOLOCAL007", "SOLOCAL009", Play.CONSUMED),
    Family("SOLOCAL01[0-2]", "SOLOCAL010", "SOLOCAL012", Play.EXPIRED),
    Family(r"AILLEURS\d\d", "AILLEURS01", "AILLEURS99", Play.ELSEWHERE),
    Family(r"DECLAREE\d\d", "DECLAREE01", "DECLAREE99", Play.DECLARED),
    Family(r"INCONNUE\d\d", "INCONNUE01", "INCONNUE99", Play.UNKNOWN),
    Family(r"LENTEUR\d\d\d", "LENTEUR001", "LENTEUR999", Play.SLOW),
    Family(r"GOUTTES\d\d\d", "GOUTTES001", "GOUTTES999", Play.DRIP),
    Family(r"ERREUR\d\d\d\d", "ERREUR0001", "ERREUR9999", Play.ERROR),
    Family(r"CHARABIA\d\d", "CHARABIA01", "CHARABIA99", Play.NONSENSE),
    Family(r"REFUSEE\d\d\d", "REFUSEE001", "REFUSEE999", Play.REFUSED),
)
MEANINGS = {
    Play.VALIDATED: gettext_lazy("Numéro valable : le rendez-vous peut être pris."),
    Play.CONSUMED: gettext_lazy("Déjà utilisé : la demande a été déposée en mairie."),
    Play.EXPIRED: gettext_lazy("Trop ancien : il faut refaire une pré-demande."),
    Play.ELSEWHERE: gettext_lazy("Numéro valable, mais un rendez-vous existe déjà dans une autre mairie."),
    Play.DECLARED: gettext_lazy("Déclaré, mais pas reconnu par le service national ; un rendez-vous existe ailleurs."),
    Play.UNKNOWN: gettext_lazy("Numéro inconnu du service national."),
    Play.SLOW: gettext_lazy("Le service répond après six secondes : la page n’attend pas si longtemps."),
    Play.DRIP: gettext_lazy("Le service répond lettre par lettre, sans finir."),
    Play.ERROR: gettext_lazy("Le service tombe en panne (erreur 500)."),
    Play.NONSENSE: gettext_lazy("Le service répond une page sans rapport."),
    Play.REFUSED: gettext_lazy("Le service refuse notre jeton (erreur 401)."),
}
FAULTS = {
    "none": gettext_lazy("Il fonctionne"),
    "slow": gettext_lazy("Il est lent (six secondes)"),
    "down": gettext_lazy("Il est en panne"),
    "nonsense": gettext_lazy("Il répond n’importe quoi"),
}
_AS_NUMBERS = {"slow": Play.SLOW, "down": Play.ERROR, "nonsense": Play.NONSENSE}
_STATES = {Play.ELSEWHERE: "validated"}


class _Invalid(Exception):
    """A parameter is missing or cannot be read."""


def play_of(number: str) -> Play:
    """What a well-formed number plays: one of the families, else a valid number."""
    return next((one.play for one in FAMILIES if re.fullmatch(one.stem, number)), Play.VALIDATED)


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponseBase:
    """`application_ids` may come several times; a fault of one number is the fault of the whole answer."""
    numbers = request.GET.getlist("application_ids")
    try:
        _text(request, "application_ids"), _text(request, "meeting_point_id")
        spoilt = _spoilt(request, numbers, reading=True)
        return spoilt or JsonResponse({number: _known(number) for number in numbers})
    except _Invalid as error:
        return _unprocessable(error)


@csrf_exempt
@require_http_methods(["POST", "DELETE"])
def appointments(request: HttpRequest) -> HttpResponseBase:
    """Parameters are in the query string, whatever the method."""
    try:
        wanted = {name: _text(request, name) for name in ("application_id", "meeting_point_id", "meeting_point")}
        wanted["appointment_date"] = _date(_text(request, "appointment_date"))
        if request.method == "POST":
            wanted["management_url"] = _text(request, "management_url")
            if not wanted["management_url"].startswith(("http://", "https://")):
                raise _Invalid("management_url")
        spoilt = _spoilt(request, [wanted["application_id"]], reading=False)
        return spoilt or (_create if request.method == "POST" else _delete)(wanted)
    except _Invalid as error:
        return _unprocessable(error)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """The numbers to try, what was declared, and the switch."""
    if request.method == "POST":
        if request.POST.get("fault") in FAULTS:
            cache.set(_FAULT, request.POST["fault"], None)
            messages.success(request, _("C’est réglé : le service national obéit maintenant à votre choix."))
        if "forget" in request.POST:
            _change(lambda _rows: [])
            messages.success(request, _("Les rendez-vous déclarés sont oubliés."))
        return redirect("local_coordination")
    fault = cache.get(_FAULT, "none")
    declared = [{**row, "at": _in_paris(row["appointment_date"])} for row in reversed(_declared())]
    context = {
        "families": [(one, MEANINGS[one.play]) for one in FAMILIES],
        "declared": declared,
        "faults": FAULTS,
        "fault": fault,
    }
    return render(request, "site/local_coordination.html", context)


def _spoilt(request: HttpRequest, numbers: list[str], *, reading: bool) -> HttpResponseBase | None:
    """The answer when the token is wrong, or when a number or the switch asks for a fault; None when all goes well.

    Slowness is for readings only, so that a declaration made afterwards in the background comes through.
    """
    plays = {_AS_NUMBERS.get(cache.get(_FAULT, "none")), *map(play_of, numbers)}
    known = constant_time_compare(request.headers.get(HEADER, ""), settings.ANTS_COORDINATION_TOKEN)
    if not known or Play.REFUSED in plays:
        return JsonResponse({"detail": "X-RDV-OPT-AUTH-TOKEN header invalid"}, status=401)
    if Play.ERROR in plays:
        return HttpResponse("Internal Server Error", status=500, content_type="text/plain")
    if Play.NONSENSE in plays:
        return HttpResponse("<!doctype html><title>Maintenance</title><h1>Maintenance</h1>")
    if Play.DRIP in plays:
        return StreamingHttpResponse(_drops(), content_type="application/json")
    if Play.SLOW in plays and reading:
        _NEVER.wait(SLOW)
    return None


def _drops() -> Iterator[bytes]:
    for sign in _HALF:
        yield bytes([sign])
        _NEVER.wait(DRIP[1])


def _known(number: str) -> dict[str, Any]:
    if not _NUMBER.fullmatch(number):
        return {"status": "unknown", "appointments": []}
    play = play_of(number)
    shown = ("management_url", "meeting_point", "appointment_date")
    found = [{name: row[name] for name in shown} for row in _declared() if row["application_id"] == number]
    if play in {Play.ELSEWHERE, Play.DECLARED}:
        found.insert(0, _elsewhere())
    ordinary = play in {Play.SLOW, Play.DRIP, Play.ERROR, Play.NONSENSE, Play.REFUSED}
    return {"status": "validated" if ordinary else _STATES.get(play, play.value), "appointments": found}


def _elsewhere() -> dict[str, str]:
    """An appointment in an invented town, always some days ahead."""
    day = (clock.now().astimezone(clock.PARIS) + timedelta(days=12)).date()
    return {
        "management_url": settings.PUBLIC_URL + reverse("local_coordination") + "#ailleurs",
        "meeting_point": "Mairie de Valinconnu (inventée)",
        "appointment_date": f"{day.isoformat()}T09:40:00",
    }


def _create(wanted: dict[str, str]) -> HttpResponse:
    state = _known(wanted["application_id"])["status"]
    if state != "validated":
        return JsonResponse({"detail": f"Application id is {state}"}, status=400)
    twins: list[dict[str, str]] = []

    def add(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        twins.extend(row for row in rows if row["management_url"] == wanted["management_url"])
        return rows if twins else [*rows, wanted][-KEPT:]

    _change(add)
    if twins:
        return JsonResponse({"detail": "Appointment already exists in database"}, status=400)
    return JsonResponse({"success": True})


def _delete(wanted: dict[str, str]) -> HttpResponse:
    gone: list[dict[str, str]] = []

    def keep(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        gone.extend(row for row in rows if wanted.items() <= row.items())
        return [row for row in rows if row not in gone]

    _change(keep)
    return JsonResponse({"rowcount": len(gone)})


def _declared() -> list[dict[str, str]]:
    """The oldest first."""
    return list(json.loads(cache.get(_DECLARED, "[]")))


def _change(change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    """One process at a time: the cache is a table, read and written under a lock of its database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cache.set(_DECLARED, json.dumps(change(_declared())), None)


def _text(request: HttpRequest, name: str) -> str:
    if not (value := request.GET.get(name, "")):
        raise _Invalid(name)
    return value


def _date(text: str) -> str:
    """As the service gives it back. An offset is refused: the hour is that of Paris."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Invalid("appointment_date") from error
    if found.tzinfo is not None:
        raise _Invalid("appointment_date")
    return found.isoformat(timespec="seconds")


def _in_paris(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=clock.PARIS)


def _unprocessable(error: _Invalid) -> JsonResponse:
    return JsonResponse({"detail": [{"loc": ["query", str(error)], "msg": "field required or invalid"}]}, status=422)
