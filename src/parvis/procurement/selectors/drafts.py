"""A draft as the rules of law read it, and what it still lacks."""

from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.accounts.facade import people
from parvis.authorities.facade import AuthorityView
from parvis.kit import clock
from parvis.kit.calendar import Calendar
from parvis.procurement.contracts import (
    Advice,
    CriterionView,
    CustodianView,
    Deadline,
    DraftView,
    LotView,
    Missing,
    Nature,
    OpeningOrder,
)
from parvis.procurement.models import Consultation, Criterion, KeyShare, Lot, ProcurementDocument
from parvis.procurement.rules import (
    Options,
    completeness,
    deadline_fit,
    documents_expected,
    earliest_deadline,
    expected_envelopes,
    lots_fit,
    paris_time,
    procedure_fit,
    procedures,
)
from parvis.procurement.selectors.keys import keys_ready, opening_keys

PURCHASE_ORDERS = "purchase_orders"
# The ceremony's own page settles these; keys_ready says what it still lacks.
_OF_THE_CEREMONY = {"custodians", "keys_threshold", "keys_made", "keys_rehearsed"}
# One set of specifications may stand for the two usual ones.
_COVERS = {"specifications_single": {"specifications_admin", "specifications_technical"}}


def calendar_of(house: AuthorityView) -> Calendar:
    return Calendar(alsace_moselle=house.local_holidays, good_friday=house.good_friday)


def draft_view(consultation: Consultation) -> DraftView:
    """Everything entered so far. Holds the confidential estimated value: for the buyer's pages only."""
    lots = [
        LotView(lot.number, lot.title, lot.cpv, lot.estimated_cents)
        for lot in Lot.objects.filter(consultation=consultation).order_by("number")
    ]
    criteria = Criterion.objects.filter(consultation=consultation).select_related("lot").order_by("position", "id")
    keys = opening_keys(consultation.id)
    return DraftView(
        title=consultation.title,
        reference=consultation.reference,
        object=consultation.purpose,
        procedure=consultation.procedure,
        technique=PURCHASE_ORDERS if consultation.framework else None,
        nature=cast(Nature | None, consultation.nature or None),
        lots=tuple(lots),
        cpv=consultation.cpv,
        place_nuts=consultation.place_nuts,
        estimated_cents=consultation.estimated_cents,
        duration_months=consultation.duration_months,
        criteria=tuple(
            CriterionView(one.label, one.weight_hundredths, one.lot.number if one.lot else None) for one in criteria
        ),
        documents_count=ProcurementDocument.objects.filter(consultation=consultation).count(),
        deadline_utc=consultation.deadline,
        questions_until=consultation.questions_until,
        contact_name=consultation.contact_name,
        contact_email=consultation.contact_email,
        envelopes=expected_envelopes(consultation.procedure, consultation.application_expected),
        opening_order=cast(OpeningOrder, consultation.opening_order),
        framework_min_cents=consultation.framework_min_cents,
        framework_max_cents=consultation.framework_max_cents,
        custodians=_custodians(keys[0].id) if keys else (),
        keys_threshold=keys[0].threshold if keys else None,
        keys_made=bool(keys),
        keys_rehearsed=bool(keys) and not keys_ready(consultation.id),
        urgent=consultation.urgent,
        prior_notice=consultation.prior_notice,
    )


def _custodians(key_id: UUID) -> tuple[CustodianView, ...]:
    held = [
        share.custodian.person_id
        for share in KeyShare.objects.filter(opening_key_id=key_id).select_related("custodian")
    ]
    return tuple(CustodianView(name=person.full_name, has_key=True) for person in people(held).values())


def missing_entry(consultation: Consultation, house: AuthorityView) -> list[Missing]:
    """What the form still lacks for publication today, in its order; the keys apart."""
    view = draft_view(consultation)
    found = completeness(view, now_utc=clock.now(), calendar=calendar_of(house))
    missing = [one for one in found if one.field not in _OF_THE_CEREMONY]
    return missing + _missing_documents(consultation, view)


def _missing_documents(consultation: Consultation, view: DraftView) -> list[Missing]:
    if not view.documents_count or view.procedure not in {one.code for one in procedures()}:
        return []
    kinds = set(ProcurementDocument.objects.filter(consultation=consultation).values_list("kind", flat=True))
    for kind in tuple(kinds):
        kinds |= _COVERS.get(kind, set())
    message = _("Il manque un document\u202f: %(label)s. Ajoutez-le, ou dites lequel des vôtres en tient lieu.")
    return [
        Missing("documents_count", message % {"label": one.label})
        for one in documents_expected(view.procedure, view.technique)
        if one.required and one.code not in kinds
    ]


def missing_for_publication(consultation: Consultation, house: AuthorityView) -> list[Missing]:
    """Everything that publication waits for: the form, then the keys and their rehearsal."""
    keys = [Missing("keys_made", problem) for problem in keys_ready(consultation.id)]
    return missing_entry(consultation, house) + keys


def advice_for(consultation: Consultation, house: AuthorityView) -> list[Advice]:
    """Remarks that never block: value against procedure, lots against value, deadline."""
    view = draft_view(consultation)
    today = paris_time(clock.now()).date()
    advice = list(lots_fit(view.lots, view.estimated_cents))
    if view.procedure in {one.code for one in procedures()} and view.nature:
        advice += procedure_fit(view.procedure, view.nature, "local_authority", view.estimated_cents, today)
    earliest = earliest_for(consultation, house)
    if view.deadline_utc and earliest:
        advice += deadline_fit(view.deadline_utc, earliest, view.questions_until, urgent=view.urgent)
    return advice


def earliest_for(consultation: Consultation, house: AuthorityView) -> Deadline | None:
    """The earliest lawful last day for a dispatch on the planned day, today at the soonest; None before a procedure."""
    if consultation.procedure not in {one.code for one in procedures()}:
        return None
    today = paris_time(clock.now()).date()
    dispatch = max(today, consultation.dispatch_on or today)
    options = Options(urgent=consultation.urgent, prior_notice=consultation.prior_notice)
    return earliest_deadline(dispatch, consultation.procedure, options, calendar_of(house))
