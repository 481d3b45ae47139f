"""Every verb and row of other rooms by which the demo stands in for people, gathered here.

A page calls these through its own room. The demo acts for everybody at once: it is the one caller that goes past the
doors, and this is the one file that does.
"""

from parvis.accounts.selectors import members_of
from parvis.accounts.services.answer_request import answer_request
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
    "WHOLE",
    "Authority",
    "Consultation",
    "CriterionInput",
    "CustodianKey",
    "KeyShare",
    "Lot",
    "LotInput",
    "NewKey",
    "OpeningKey",
    "OpeningSession",
    "Part",
    "Present",
    "ReleasedShare",
    "Seal",
    "SealedEnvelope",
    "SealedShare",
    "Visitor",
    "add_document",
    "answer_request",
    "close_opening",
    "complete_receipt",
    "create_consultation",
    "create_upload",
    "envelopes_to_open",
    "grant_role",
    "hold_key_ceremony",
    "limits",
    "members_of",
    "needed_keys",
    "next_stage",
    "open_canary",
    "open_envelopes",
    "open_test_consultation",
    "opening_keys",
    "publish_consultation",
    "receive_part",
    "record_download",
    "rehearse",
    "release_share",
    "save_authority",
    "save_custodian_key",
    "save_draft",
    "seal_submission",
    "sealed_header",
    "set_session_key",
    "stage_keys",
    "stages",
    "start_opening",
    "watch_consultation",
]
