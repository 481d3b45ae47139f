from typing import Any

from django.urls import reverse

from parvis.procurement.facade import PublicLine, nature_label, procedure_label, status


def cards(lines: list[PublicLine]) -> list[dict[str, Any]]:
    """Lines of consultations with their words, for portal/consultation_card.html."""
    return [
        {
            "line": line,
            "url": reverse("consultation", args=[line.authority_slug, line.id]),
            "nature": nature_label(line.nature),
            "procedure": procedure_label(line.procedure, line.framework),
            "status": status(line.state, line.deadline),
        }
        for line in lines
    ]
