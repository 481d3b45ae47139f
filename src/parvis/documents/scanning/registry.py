from django.conf import settings

from parvis.documents.scanning.clamd import Clamd
from parvis.documents.scanning.eicar import EicarOnly
from parvis.documents.scanning.port import Scanner


def scanner() -> Scanner | None:
    """The configured scanner; in demo and test one that knows the test virus alone; else None and files are said not
    checked.
    """
    if settings.CLAMD:
        return Clamd(settings.CLAMD)
    return EicarOnly() if settings.LOCAL else None
