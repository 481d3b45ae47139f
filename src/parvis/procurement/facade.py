"""The door of the procurement room: what is public of every authority's consultations."""

from parvis.procurement.labels import Status, nature_label, procedure_label, status
from parvis.procurement.selectors.listing import (
    Filters,
    ListPage,
    PublicLine,
    open_counts,
    recent_publications,
    search_published,
    trial_is_open,
)

__all__ = [
    "Filters",
    "ListPage",
    "PublicLine",
    "Status",
    "nature_label",
    "open_counts",
    "procedure_label",
    "recent_publications",
    "search_published",
    "status",
    "trial_is_open",
]
