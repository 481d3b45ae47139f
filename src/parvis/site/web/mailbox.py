"""The demo's mailbox: every e-mail and SMS that would have left, and the code on each invented person's telephone."""

from io import BytesIO
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.accounts.facade import current_codes, people, seconds_left
from parvis.authorities.facade import hats_of
from parvis.notifications.facade import MessageView, attachment, messages

A_PAGE = 20


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponseBase:
    """Mounted in the demo and the tests only (site/web/urls.py). `?message=…&piece=0` is a file joined to a letter."""
    if "message" in request.GET:
        return _file(request.GET["message"], request.GET.get("piece", ""))
    wanted = request.GET.get("a", "").strip().lower()
    found = Paginator([m for m in messages() if _is_for(m, wanted)], A_PAGE)
    shown = found.get_page(request.GET.get("page"))
    codes = current_codes()
    owners = sorted(people(codes).values(), key=lambda p: p.full_name)
    rows = [
        (p, codes[p.id], ", ".join(f"{h.role_label} ({h.authority_name})" for h in hats_of(p.id)) or _("Entreprise"))
        for p in owners
    ]
    context = {
        "letters": shown.object_list,
        "number": shown.number,
        "count": found.num_pages,
        "prefix": "?" + (urlencode({"a": wanted}) + "&" if wanted else "") + "page=",
        "codes": rows,
        "seconds_left": seconds_left(),
        "wanted": wanted,
    }
    return render(request, "site/mailbox.html", context)


def _is_for(letter: MessageView, wanted: str) -> bool:
    """A part of an address, or of a number whatever its spaces, in either form: 06 39 98 or +33 6 39 98."""
    digits = "".join(wanted.replace(".", "").replace("-", "").split())
    numbers = (letter.to, "".join(letter.to_label.split()))
    return wanted in letter.to.lower() or (letter.channel == "sms" and any(digits in one for one in numbers))


def _file(message: str, place: str) -> HttpResponseBase:
    try:
        found = attachment(UUID(message), int(place))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return FileResponse(BytesIO(found.content), as_attachment=True, filename=found.name, content_type=found.media_type)
