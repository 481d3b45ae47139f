from parvis.procurement.models.award import Award
from parvis.procurement.models.consultation import Consultation, Criterion, Lot, ProcurementDocument
from parvis.procurement.models.group import ConsultationBuyer, GroupRole
from parvis.procurement.models.keys import CustodianKey, KeyShare, OpeningKey, RehearsalProof
from parvis.procurement.models.listing import Participation, PublishedConsultation
from parvis.procurement.models.opening import Attendance, OpenedDocument, OpeningSession, ReleasedShare
from parvis.procurement.models.registers import Download, Watcher
from parvis.procurement.models.submission import DepositCounter, Envelope, Submission

__all__ = [
    "Attendance",
    "Award",
    "Consultation",
    "ConsultationBuyer",
    "Criterion",
    "CustodianKey",
    "DepositCounter",
    "Download",
    "Envelope",
    "GroupRole",
    "KeyShare",
    "Lot",
    "OpenedDocument",
    "OpeningKey",
    "OpeningSession",
    "Participation",
    "ProcurementDocument",
    "PublishedConsultation",
    "RehearsalProof",
    "ReleasedShare",
    "Submission",
    "Watcher",
]
