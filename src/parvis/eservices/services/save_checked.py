from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.eservices.models import EService, EServiceUse
from parvis.kit.errors import Refusal


def save_checked(row: EService | EServiceUse) -> None:
    """Saves a row that satisfies its fields and its constraints. Raises Refusal: invalid, or taken, when somebody else
    wrote the same at the same moment.
    """
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        [(field, found), *_rest] = error.message_dict.items()
        raise Refusal("invalid", found[0], None if field == "__all__" else field) from error
    except IntegrityError as error:
        message = _("Quelqu’un vient d’enregistrer la même chose. Rechargez la page pour la voir.")
        raise Refusal("taken", message) from error
