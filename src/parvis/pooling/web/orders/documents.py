"""An issued order as files: the PDF that the contractor gets, the JSON that proves nothing changed."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import desk_page
from parvis.pooling.models import PurchaseOrder
from parvis.pooling.selectors.orders import order_of
from parvis.pooling.services.order_pdf import order_pdf as drawn


@require_safe
@desk_page("pooling.read")
def order_pdf(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = _issued(group, order)
    response = HttpResponse(drawn(one), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{one.number}.pdf"'
    return response


@require_safe
@desk_page("pooling.read")
def order_json(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = _issued(group, order)
    text = json.dumps(one.signed_order, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{one.number}.json"'
    return response


def _issued(group: UUID, order: UUID) -> PurchaseOrder:
    found = order_of(group, order)
    if found.signed_order is None:
        raise Http404(_("Ce bon de commande n’est pas encore émis\u202f: il n’a pas de document."))
    return found
