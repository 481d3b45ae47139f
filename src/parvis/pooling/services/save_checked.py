from django.core.exceptions import ValidationError
from django.db.models import Model

from parvis.kit.errors import Refusal


def save_checked(row: Model) -> None:
    """Saves a row that satisfies its fields and its constraints. Raises Refusal invalid, with the field at fault."""
    try:
        row.full_clean()
    except ValidationError as error:
        [(field, found), *_] = error.message_dict.items()
        raise Refusal("invalid", found[0], None if field == "__all__" else field) from error
    row.save()
