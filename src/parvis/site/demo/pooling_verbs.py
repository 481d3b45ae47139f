"""The verbs of pooling and of e-services by which the demo stands in for people; as verbs.py, past the doors."""

from parvis.eservices.services.record_eservice import record_eservice
from parvis.eservices.services.record_use import record_use
from parvis.pooling.models import (
    AnswerKind,
    CommitteeMeeting,
    FrameworkAgreement,
    JointProcurement,
    Membership,
    PaperKind,
    PriceLine,
    PurchaseOrder,
    SharingAgreement,
    Statement,
)
from parvis.pooling.rules.framework_terms import Earlier, FrameworkTerms
from parvis.pooling.rules.order_content import Delivery, NewEService, OrderContent
from parvis.pooling.rules.populations import Counted
from parvis.pooling.rules.schedule import PriceRow
from parvis.pooling.services.accept_delivery import accept_delivery
from parvis.pooling.services.accept_joining import accept_joining
from parvis.pooling.services.accept_membership import accept_membership
from parvis.pooling.services.answer_order import answer_order
from parvis.pooling.services.attach_agreement_paper import attach_agreement_paper
from parvis.pooling.services.call_instalment import call_instalment
from parvis.pooling.services.call_meeting import call_meeting
from parvis.pooling.services.decide import decide
from parvis.pooling.services.draft_order import draft_order
from parvis.pooling.services.file_minutes import file_minutes
from parvis.pooling.services.found_group import found_group
from parvis.pooling.services.give_notice import give_notice
from parvis.pooling.services.inform_group import inform_group
from parvis.pooling.services.issue_order import issue_order
from parvis.pooling.services.match_invoice import match_invoice
from parvis.pooling.services.note_payment import note_payment
from parvis.pooling.services.notify_membership import notify_membership
from parvis.pooling.services.pay_order import pay_order
from parvis.pooling.services.plan_meeting import plan_meeting
from parvis.pooling.services.prepare_agreement import prepare_agreement
from parvis.pooling.services.propose_membership import propose_membership
from parvis.pooling.services.receive_invoice import receive_invoice
from parvis.pooling.services.record_attendance import Came, record_attendance
from parvis.pooling.services.record_framework import record_framework
from parvis.pooling.services.record_population import record_population
from parvis.pooling.services.sign_agreement import sign_agreement
from parvis.pooling.services.start_group import start_group
from parvis.pooling.services.state_need import state_need
from parvis.pooling.services.write_schedule import write_schedule

__all__ = [
    "AnswerKind",
    "Came",
    "CommitteeMeeting",
    "Counted",
    "Delivery",
    "FrameworkAgreement",
    "Earlier",
    "FrameworkTerms",
    "JointProcurement",
    "Membership",
    "NewEService",
    "OrderContent",
    "PaperKind",
    "PriceLine",
    "PriceRow",
    "PurchaseOrder",
    "SharingAgreement",
    "Statement",
    "accept_delivery",
    "accept_joining",
    "accept_membership",
    "answer_order",
    "attach_agreement_paper",
    "call_instalment",
    "call_meeting",
    "decide",
    "draft_order",
    "file_minutes",
    "found_group",
    "give_notice",
    "inform_group",
    "issue_order",
    "match_invoice",
    "note_payment",
    "notify_membership",
    "pay_order",
    "plan_meeting",
    "prepare_agreement",
    "propose_membership",
    "receive_invoice",
    "record_attendance",
    "record_eservice",
    "record_framework",
    "record_population",
    "record_use",
    "sign_agreement",
    "start_group",
    "state_need",
    "write_schedule",
]
