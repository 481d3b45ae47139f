from uuid import UUID

from parvis.pooling.models import FrameworkAgreement
from parvis.pooling.selectors.reach import reach, require_coordinator
from parvis.pooling.services.held import held_group


def held_framework(framework_id: UUID) -> FrameworkAgreement:
    """A framework of the group that the authority in scope coordinates, held FOR UPDATE until commit.

    Raises Http404, Refusal not_coordinator.
    """
    found = reach(FrameworkAgreement, framework_id)
    require_coordinator(found.group)
    held_group(found.group_id)
    return reach(FrameworkAgreement, framework_id, lock=True)
