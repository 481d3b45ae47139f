"""What those who wait are told: to confirm, of a freed slot, that their wait is over."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.appointments.letters.frame import (
    Envelope,
    Letter,
    fitting,
    mobile,
    send_letter,
    short_moment,
)
from parvis.appointments.links import offer_url, waiting_url
from parvis.appointments.models import Booking, Offer, Waiting
from parvis.appointments.rules.paris import midnight
from parvis.appointments.rules.reminders import may_ring
from parvis.appointments.selectors.places import places
from parvis.appointments.selectors.waiting import label_of
from parvis.appointments.words import moment_words, persons_words, place_address, place_named
from parvis.authorities.facade import AuthorityView
from parvis.kit import clock
from parvis.kit.jinja import date_long, hour
from parvis.notifications import facade as notifications


def ask_to_confirm(waiting: Waiting, whole: AuthorityView) -> None:
    """Once. Whoever wrote the address may not be its owner: nothing more is sent until the link is used."""
    letter = Letter(
        _("Confirmez\u202f: vous voulez être prévenu si une place se libère"),
        [
            _("Vous avez demandé à être prévenu si un rendez-vous plus tôt se libère. Il reste à le confirmer."),
        ],
        facts=wish_facts(waiting),
        action=(_("Confirmer ma demande"), waiting_url(waiting)),
        closing=[
            _("Ce lien permet aussi de changer votre demande ou de l’arrêter, à tout moment."),
            _("Vous n’avez rien demandé\u202f? Ne faites rien\u202f: tout sera effacé dans deux jours."),
        ],
    )
    send_letter(letter, Envelope(waiting.email, whole, waiting.id, f"waiting:confirm:{waiting.id}"))


def tell_offer(offer: Offer, booking: Booking, whole: AuthorityView) -> None:
    """Once: a slot is theirs if they are the first to take it. By mail, and by SMS during the day."""
    waiting, place, url = offer.waiting, booking.place, offer_url(offer)
    when, until = moment_words(offer.starts_at), hour(offer.expires_at)
    letter = Letter(
        _("Une place s’est libérée\u202f: {when}").format(when=when),
        [
            _("Un rendez-vous comme vous en attendez un vient de se libérer. Le premier qui le prend l’a."),
            _("Nous le gardons jusqu’à {until}.").format(until=until),
        ],
        facts=[
            (_("Quand"), when),
            (_("Où"), place_address(place)),
            (_("Pour quoi"), _("{label}, pour {persons}").format(
                label=label_of(waiting.reason_code), persons=persons_words(waiting.persons)
            )),
        ],
        action=(_("Voir cette place et la prendre"), url),
        other_action=(_("Changer ou arrêter mon attente"), waiting_url(waiting)),
        help_name=place.name,
        help_contact=place.phone or place.email,
    )  # fmt: skip
    once_key = f"waiting:offer:{offer.id}"
    send_letter(letter, Envelope(waiting.email, whole, waiting.id, once_key, offer.expires_at))
    number = mobile(waiting.phone) if may_ring(clock.now()) else None
    if number is not None:
        words = _("Place libérée {when}, {place}. Au premier qui la prend, jusqu’à {until}\u202f: {url}")
        named = place_named(place)
        said = [
            words.format(when=short_moment(offer.starts_at), place=where, until=until, url=url)
            for where in (named, place.city[:40])
        ]
        notifications.send_sms(
            number, fitting(*said), once_key=once_key, authority_id=whole.id, subject_id=waiting.id,
            not_after=offer.expires_at,
        )  # fmt: skip


def tell_over(waiting: Waiting, whole: AuthorityView) -> None:
    """Once: nothing came free before their last day."""
    letter = Letter(
        _("Aucune place plus tôt ne s’est libérée"),
        [
            _("Nous avons cherché jusqu’au {day}, le dernier jour que vous aviez choisi. Nous n’écrirons plus.").format(
                day=date_long(midnight(waiting.before))
            ),
            _("Les rendez-vous libres se voient à toute heure, et vous pouvez attendre de nouveau."),
        ],
        action=(_("Voir les rendez-vous libres"), f"{settings.PUBLIC_URL}{reverse('find_appointment')}"),
    )
    send_letter(letter, Envelope(waiting.email, whole, waiting.id, f"waiting:over:{waiting.id}"))


def wish_facts(waiting: Waiting) -> list[tuple[str, str]]:
    """What somebody waits for, as (label, words) rows."""
    return [
        (_("Pour quoi"), label_of(waiting.reason_code)),
        (_("Pour qui"), persons_words(waiting.persons)),
        (_("Où"), places_words(waiting.place_ids)),
        (_("Quand"), _days(waiting)),
    ]


def _days(waiting: Waiting) -> str:
    first, last = date_long(midnight(waiting.after)), date_long(midnight(waiting.before))
    if first == last:
        return _("le {day}").format(day=first)
    return _("du {first} au {last}").format(first=first, last=last)


def places_words(place_ids: Sequence[str]) -> str:
    if not place_ids:
        return _("dans tous les lieux")
    named = [place_named(one) for one in places(ids=[UUID(one) for one in place_ids])]
    if len(named) < 2:
        return "".join(named) or _("un lieu qui ne prend plus de rendez-vous")
    return _("{names} ou {last}").format(names=", ".join(named[:-1]), last=named[-1])
