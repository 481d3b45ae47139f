from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.selectors.groups import own_membership
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.save_billing import save_billing
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import group_page
from parvis.pooling.web.statements.access import COLLECTS, FORM, list_crumbs, list_url
from parvis.pooling.web.statements.forms import BillingForm


@require_http_methods(FORM)
@desk_page(COLLECTS)
def billing(request: Any, group: UUID) -> HttpResponse:
    """The codes that one's own authority wants on what is called from it from now on."""
    found, house = group_in_reach(group), request.authority
    own = own_membership(found)
    if own is None:
        raise Http404(_("Votre collectivité ne fait pas partie de ce groupement."))
    form = BillingForm(
        request.POST if request.method == "POST" else None,
        initial={"service_code": own.service_code, "commitment": own.commitment},
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_billing(found.id, actor_id=request.actor.person_id, **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("C’est noté\u202f: ces codes figureront sur les prochains relevés."))
            return HttpResponseRedirect(list_url(house, found.id))
    context = {
        "form": form,
        "back": list_url(house, found.id),
        "crumbs": list_crumbs(house, found, (_("Codes de facturation"), "")),
    }
    status = 422 if form.errors else 200
    return group_page(request, "pooling/statements/billing.html", found, "group_statements", context, status)
