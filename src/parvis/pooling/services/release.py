from django.db import connection

from parvis.kit import scope
from parvis.pooling.models import PurchaseOrder

_GIVE_BACK = "UPDATE pooling_frameworkagreement SET used_cents = used_cents - %s WHERE id = %s RETURNING used_cents"


def release(order: PurchaseOrder, cents: int) -> int:
    """Give back to the maximum a part of what an issued order took, excluding VAT; what is used after that.

    The caller holds the order FOR UPDATE, in its owner's scope; `released_cents` is saved here. Raises ValueError for
    more than the order still has there.
    """
    if not 0 <= cents <= order.ht_cents - order.released_cents:
        raise ValueError("an order gives back what it took, and no more")
    order.released_cents += cents
    order.save(update_fields=["released_cents"])
    with scope.authority(order.framework.authority_id), connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [cents, order.framework_id])
        [used] = cursor.fetchone()
    return int(used)
