from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.appointments.models.place import Agenda, Place, Reason, Resource
from parvis.kit import clock
from parvis.kit.models import GlobalModel, PublishedModel, ScopedModel


class BookingState(models.TextChoices):
    HELD = "held", _("Créneau gardé")
    EXPIRED = "expired", _("Créneau rendu")
    BOOKED = "booked", _("Confirmé")
    DISPLACED = "displaced", _("À replacer")
    ARRIVED = "arrived", _("Arrivé")
    CALLED = "called", _("Appelé")
    SERVED = "served", _("Reçu")
    NO_SHOW = "no_show", _("Absent")
    CANCELLED = "cancelled", _("Annulé")


class Source(models.TextChoices):
    ONLINE = "online", _("En ligne")
    HUB = "hub", _("Recherche nationale")
    WAITING = "waiting", _("Liste d’attente")
    DESK = "desk", _("Par un agent")
    WALK_IN = "walk_in", _("Sans rendez-vous")


class Booking(ScopedModel):
    """An appointment of one or several persons, from the moment when its slot is held.

    Whoever has its link manages it (links.py): no account. `version` grows with each move, for the calendars.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+")
    persons = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=BookingState.choices, default=BookingState.HELD)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.ONLINE)
    held_until = models.DateTimeField(null=True)
    contact_name = models.CharField(_("Votre nom"), max_length=120, blank=True)
    email = models.EmailField(_("Votre adresse électronique"), blank=True)
    phone = models.CharField(_("Votre téléphone"), max_length=16, blank=True)
    wants_sms = models.BooleanField(default=False)
    guardian_name = models.CharField(_("Responsable légal présent"), max_length=120, blank=True)
    needs = models.CharField(_("Pour bien vous accueillir"), max_length=300, blank=True)
    ticket = models.CharField(max_length=6, blank=True)
    desk_note = models.CharField(_("Note de l’accueil"), max_length=300, blank=True)
    version = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    booked_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    called_to = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+", null=True)
    reminded_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["place", "starts_at"], name="booking_by_place_and_hour")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")),
                name="booking_ends_after_it_starts",
                violation_error_message=_("Un rendez-vous finit après son début."),
            ),
            models.CheckConstraint(
                condition=models.Q(persons__range=(1, 20)),
                name="booking_is_for_somebody",
                violation_error_message=_("Un rendez-vous est pour 1 à 20 personnes."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="held") | models.Q(held_until__isnull=False),
                name="hold_is_bounded",
                violation_error_message=_("Un créneau n’est gardé qu’un temps."),
            ),
        ]

    def is_held(self, now: datetime) -> bool:
        """Whether its slot is still kept for whoever fills the form."""
        return self.state == BookingState.HELD and self.held_until is not None and self.held_until > now


class BookedPerson(ScopedModel):
    """One of the persons of an appointment, with their pre-application number where the reason asks for one."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="people")
    rank = models.PositiveSmallIntegerField()
    first_name = models.CharField(_("Prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("Nom"), max_length=80, blank=True)
    minor = models.BooleanField(_("A moins de 18 ans"), default=False)
    case = models.CharField(_("Demande"), max_length=30, blank=True)
    application_id = models.CharField(_("Numéro de pré-demande"), max_length=10, blank=True)
    application_state = models.CharField(max_length=12, blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "rank"],
                name="one_person_per_rank",
                violation_error_message=_("Cette personne est déjà notée."),
            ),
            models.CheckConstraint(
                condition=models.Q(application_id="") | models.Q(application_id__regex=r"^[A-Z0-9]{10}$"),
                name="application_id_has_ten_signs",
                violation_error_message=_("Un numéro de pré-demande compte dix lettres ou chiffres."),
            ),
        ]


class Occupancy(PublishedModel):
    """That one seat of a resource is taken during a period. Names nobody: what is free is public.

    The exclusion constraint is what makes a double booking impossible. A hold counts until `held_until`; once past, it
    is nobody's and is removed (services/expire_holds.py). `during` includes the buffer after the appointment.

    `held_until` stands in no index, and the pages of the table keep room (migration 0001): confirming a hold then
    rewrites its row in place, without the constraint being checked again against whoever claims the same seat.
    """

    # Their own indexes would repeat the first column of those below.
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+", db_index=False)
    seat = models.PositiveSmallIntegerField(default=1)
    during = DateTimeRangeField()
    held_until = models.DateTimeField(null=True)
    booking_id = models.UUIDField(db_index=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    mark = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["place", "day"], include=["mark"], name="occupancy_fingerprint"),
        ]
        constraints = [
            ExclusionConstraint(
                name="no_double_booking",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("seat", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Ce créneau vient d’être pris. Choisissez-en un autre."),
            )
        ]


class ApplicationPointer(GlobalModel):
    """Where the bookings of a pre-application number are, across authorities: a keyed digest, never the number."""

    digest = models.CharField(max_length=64, db_index=True)
    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    booking_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "booking_id"], name="one_pointer_per_number_and_booking")
        ]


class DeclarationState(models.TextChoices):
    TO_DECLARE = "to_declare", _("À déclarer")
    DECLARED = "declared", _("Déclaré")
    TO_WITHDRAW = "to_withdraw", _("À retirer")
    WITHDRAWN = "withdrawn", _("Retiré")
    FAILED = "failed", _("Refusé par le service national")


class NationalDeclaration(ScopedModel):
    """What the coordination service is to know, or knows, of one number at one date. A move is two rows."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="declarations")
    application_id = models.CharField(max_length=10)
    meeting_point = models.CharField(max_length=120)
    at = models.DateTimeField()
    management_url = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=DeclarationState.choices, default=DeclarationState.TO_DECLARE)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta(ScopedModel.Meta):
        ordering = ["changed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "application_id", "at"],
                name="one_declaration_per_number_and_date",
                violation_error_message=_("Ce rendez-vous est déjà déclaré pour ce numéro."),
            )
        ]
