"""Every verb and row of other rooms by which the demo stands in for people, gathered here.

A page calls these through its own room. The demo acts for everybody at once: it is the one caller that goes past the
doors, and this is the one file that does.
"""

from parvis.accounts.selectors import members_of
from parvis.accounts.services.answer_request import answer_request
from parvis.appointments.models import (
    Agenda,
    Booking,
    HoursException,
    NationalDeclaration,
    Occupancy,
    Opening,
    Place,
    Reason,
    Resource,
    Source,
    WeeklyHours,
)
from parvis.appointments.rules.hours import Period, openings
from parvis.appointments.rules.paris import day_of, instant, midnight
from parvis.appointments.rules.persons import CASES, Needs, written_needs
from parvis.appointments.rules.reasons import SHARED, is_numbered
from parvis.appointments.selectors.hours import plan_of
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.add_walk_in import WalkIn, add_walk_in
from parvis.appointments.services.book_for_somebody import Caller, Somebody, book_for_somebody
from parvis.appointments.services.call_next import call_next
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.finish_visit import finish_visit
from parvis.appointments.services.hold_slot import Held, hold_slot
from parvis.appointments.services.join_waiting import Wish, confirm_waiting, join_waiting
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.services.record_arrival import record_arrival
from parvis.appointments.services.record_no_show import record_no_show
from parvis.appointments.services.save_booking import ContactAnswers, PersonAnswers, save_booking
from parvis.authorities.models import Authority
from parvis.authorities.services.grant_role import grant_role
from parvis.authorities.services.save_authority import save_authority
from parvis.documents.services.create_upload import create_upload
from parvis.documents.services.receive_part import Part, receive_part
from parvis.documents.services.trace_attempt import Visitor
from parvis.procurement.models import (
    Consultation,
    CustodianKey,
    KeyShare,
    Lot,
    OpeningKey,
    OpeningSession,
    ReleasedShare,
)
from parvis.procurement.rules import limits
from parvis.procurement.selectors.keys import needed_keys, opening_keys
from parvis.procurement.selectors.opening import envelopes_to_open, sealed_header, stage_keys, stages
from parvis.procurement.services.add_document import add_document
from parvis.procurement.services.close_opening import close_opening, next_stage
from parvis.procurement.services.complete_receipt import complete_receipt
from parvis.procurement.services.create_consultation import create_consultation
from parvis.procurement.services.hold_key_ceremony import NewKey, SealedShare, hold_key_ceremony
from parvis.procurement.services.open_envelopes import open_envelopes
from parvis.procurement.services.open_test_consultation import open_test_consultation
from parvis.procurement.services.publish_consultation import publish_consultation
from parvis.procurement.services.record_download import WHOLE, record_download
from parvis.procurement.services.rehearse import open_canary, rehearse
from parvis.procurement.services.release_share import release_share, set_session_key
from parvis.procurement.services.save_custodian_key import save_custodian_key
from parvis.procurement.services.save_draft import CriterionInput, LotInput, save_draft
from parvis.procurement.services.seal_submission import Seal, SealedEnvelope, seal_submission
from parvis.procurement.services.start_opening import Present, start_opening
from parvis.procurement.services.watch_consultation import watch_consultation

__all__ = [
    "CASES",
    "SHARED",
    "WHOLE",
    "Agenda",
    "Authority",
    "Booking",
    "Caller",
    "Consultation",
    "ContactAnswers",
    "CriterionInput",
    "CustodianKey",
    "Held",
    "HoursException",
    "KeyShare",
    "Lot",
    "LotInput",
    "NationalDeclaration",
    "Needs",
    "NewKey",
    "Occupancy",
    "Opening",
    "OpeningKey",
    "OpeningSession",
    "Part",
    "Period",
    "PersonAnswers",
    "Place",
    "Present",
    "Reason",
    "ReleasedShare",
    "Resource",
    "Seal",
    "SealedEnvelope",
    "SealedShare",
    "Somebody",
    "Source",
    "Visitor",
    "WalkIn",
    "WeeklyHours",
    "Wish",
    "add_document",
    "add_walk_in",
    "answer_request",
    "book_for_somebody",
    "call_next",
    "cancel_booking",
    "close_opening",
    "complete_receipt",
    "confirm_booking",
    "confirm_waiting",
    "create_consultation",
    "create_upload",
    "day_of",
    "envelopes_to_open",
    "finish_visit",
    "free_slots",
    "grant_role",
    "hold_key_ceremony",
    "hold_slot",
    "instant",
    "is_numbered",
    "join_waiting",
    "limits",
    "materialise_openings",
    "members_of",
    "midnight",
    "move_booking",
    "needed_keys",
    "next_stage",
    "open_canary",
    "open_envelopes",
    "open_test_consultation",
    "opening_keys",
    "openings",
    "plan_of",
    "publish_consultation",
    "receive_part",
    "record_arrival",
    "record_download",
    "record_no_show",
    "rehearse",
    "release_share",
    "save_authority",
    "save_booking",
    "save_custodian_key",
    "save_draft",
    "seal_submission",
    "sealed_header",
    "set_session_key",
    "stage_keys",
    "stages",
    "start_opening",
    "watch_consultation",
    "written_needs",
]
