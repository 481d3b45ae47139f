"""What the addresses of pooling name: a group of the two authorities, and one of each thing that a page shows."""

from typing import Any

from parvis.authorities.models import Authority
from tests.pooling.pooling_world import a_framework, a_group, an_order


def pooling_ids(whole: Authority, here: Authority) -> dict[str, Any]:
    """`@group`, `@framework`, `@order` (a draft of the commune), and more; ids of rows made as their verbs make them."""
    circle = a_group([whole, here])
    framework = a_framework(circle)
    order = an_order(circle, here)
    return {"group": circle.group.id, "framework": framework.id, "order": order.id}
