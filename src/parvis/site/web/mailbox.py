"""The demo's mailbox: every letter that would have left, and the code on each invented person's telephone."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.accounts.facade import current_codes, people, seconds_left
from parvis.authorities.facade import hats_of
from parvis.notifications.facade import messages

A_PAGE = 20


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """Mounted in the demo and the tests only (site/web/urls.py)."""
    wanted = request.GET.get("a", "").strip().lower()
    found = Paginator([m for m in messages() if wanted in m.to.lower()], A_PAGE)
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
