from django.core.exceptions import ValidationError
from django.db.models import Model

from parvis.kit.errors import Refusal


def save_checked(row: Model) -> None:
    """Saves a row that satisfies its fields and its constraints. Raises Refusal invalid, with the field at fault."""
    unknown = {one.name for one in row._meta.fields if one.null and getattr(row, one.attname) is None}
    try:
        row.clean_fields(exclude=unknown)
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        [(field, found), *_] = error.message_dict.items()
        raise Refusal("invalid", found[0], None if field == "__all__" else field) from error
    row.save()
