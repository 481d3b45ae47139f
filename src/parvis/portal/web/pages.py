"""Pages that the law or good manners ask for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.appointments.facade import places
from parvis.authorities.facade import AuthorityView, agglomeration, authorities
from parvis.procurement.facade import trial_is_open


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html", {"whole": agglomeration(), "public_url": settings.PUBLIC_URL})


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/legal.html", {"whole": agglomeration(), "public_url": settings.PUBLIC_URL})


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every public page, by what one comes for."""
    groups = [
        (
            _("Rendez-vous"),
            [
                (_("Prendre un rendez-vous"), reverse("find_appointment")),
                (_("Être prévenu si une place se libère"), reverse("join_waiting")),
            ],
        ),
        (
            _("Marchés publics"),
            [
                (_("Toutes les consultations"), reverse("all_consultations")),
                (_("Chercher"), reverse("search")),
                (_("Flux Atom des consultations"), reverse("all_consultations_feed")),
            ],
        ),
        (
            _("Déposer un pli"),
            [
                *([(_("Essayer un dépôt"), reverse("try_a_deposit"))] if trial_is_open() else []),
                (_("Comment les plis sont scellés"), reverse("how_sealing_works")),
                (_("Vérifier un récépissé"), reverse("verify_receipt")),
                (_("Mes plis"), reverse("my_submissions")),
            ],
        ),
        (
            _("Votre compte"),
            [(_("Se connecter"), reverse("account_login")), (_("Créer un compte"), reverse("account_signup"))],
        ),
        (
            _("À propos"),
            [(_("Accessibilité"), reverse("accessibility")), (_("Mentions légales"), reverse("legal"))],
        ),
    ]
    booked = {one.authority_id for one in places()}
    houses = [(house, _pages_of(house, house.id in booked)) for house in authorities()]
    return render(request, "portal/site_map.html", {"groups": groups, "houses": houses})


def _pages_of(house: AuthorityView, has_appointments: bool) -> list[tuple[str, str]]:
    """Its lists, in a word each: (label, address). Where nobody is received, no link leads to an empty page."""
    meet = [
        (_("rendez-vous"), reverse("appointments", args=[house.slug])),
        (_("retrouver un rendez-vous"), reverse("find_booking", args=[house.slug])),
    ]
    return [*(meet if has_appointments else []), (_("marchés"), reverse("consultations", args=[house.slug]))]
