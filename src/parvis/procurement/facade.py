"""The door of the procurement room: what is public of every authority's consultations, awards, joint procurements."""

from parvis.procurement.contracts import (
    AwardInput,
    AwardView,
    ConsultationLine,
    GroupBuyer,
    LotView,
    Nature,
)
from parvis.procurement.labels import Status, nature_label, procedure_label, status
from parvis.procurement.selectors.awards import award, award_of, awards, awards_of
from parvis.procurement.selectors.lines import consultation_line, group_consultations
from parvis.procurement.selectors.listing import (
    Filters,
    ListPage,
    PublicLine,
    open_counts,
    recent_publications,
    search_published,
    trial_is_open,
)
from parvis.procurement.services.complete_award import complete_award
from parvis.procurement.services.correct_award import correct_award
from parvis.procurement.services.open_group_consultation import open_group_consultation
from parvis.procurement.services.record_award import record_award
from parvis.procurement.services.record_existing_contract import record_existing_contract
from parvis.procurement.services.set_group_buyers import set_group_buyers

__all__ = [
    "AwardInput",
    "AwardView",
    "ConsultationLine",
    "Filters",
    "GroupBuyer",
    "ListPage",
    "LotView",
    "Nature",
    "PublicLine",
    "Status",
    "award",
    "award_of",
    "awards",
    "awards_of",
    "complete_award",
    "consultation_line",
    "correct_award",
    "group_consultations",
    "nature_label",
    "open_counts",
    "open_group_consultation",
    "procedure_label",
    "recent_publications",
    "record_award",
    "record_existing_contract",
    "search_published",
    "set_group_buyers",
    "status",
    "trial_is_open",
]
