"""What the addresses of pooling name: a group of the two authorities, and one of each thing that a page shows."""

from io import BytesIO
from typing import Any

from parvis.authorities.models import Authority
from parvis.pooling.models import PaperKind
from parvis.pooling.services.attach_paper import attach_paper
from tests.pooling.agreement_world import agreement_rows
from tests.pooling.committee_world import meeting_rows
from tests.pooling.cost_world import cost_rows
from tests.pooling.group_world import group_rows
from tests.pooling.invoice_circle import invoice_rows
from tests.pooling.order_world import order_rows
from tests.pooling.pooling_world import a_framework, a_group, an_order
from tests.pooling.simulation_world import simulation_rows
from tests.pooling.statement_world import statement_rows


def pooling_ids(whole: Authority, here: Authority) -> dict[str, Any]:
    """`@group`, `@framework`, `@order` (a draft of the commune), and more: rows made as their verbs make them."""
    circle = a_group([whole, here])
    framework = a_framework(circle)
    order = an_order(circle, here)
    paper = attach_paper(
        circle.group.id, circle.group.id, PaperKind.OTHER, "Une pièce", BytesIO(b"%PDF-1.7"), owner_id=whole.id,
        name="piece.pdf",
    )  # fmt: skip
    return {
        "group": circle.group.id, "paper": paper.id, "framework": framework.id, "order": order.id,
        **meeting_rows(circle),
        **group_rows(circle.group, whole, here), **agreement_rows(whole, here),
        **order_rows(circle), **invoice_rows(circle), **simulation_rows(circle, here),
        **cost_rows(circle, here), **statement_rows(circle, whole, here),
    }  # fmt: skip
