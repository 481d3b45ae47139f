"""Why an envelope cannot be read, in French, from the stable codes of the sealing room."""

from django.utils.translation import gettext as _

from parvis.sealing.age.errors import AgeError, NoMatch
from parvis.sealing.manifest import ManifestError
from parvis.sealing.tarball import TarError


def unreadable_reason(error: AgeError | TarError | ManifestError) -> str:
    """The end of « L’enveloppe ne s’ouvre pas telle qu’elle a été déposée (…) »."""
    code = error.code
    if isinstance(error, NoMatch):
        return _("elle n’est pas scellée à la clé de cette consultation")
    if isinstance(error, AgeError):
        if code.startswith("payload"):
            return _("son contenu chiffré est abîmé ou coupé")
        return _("ce n’est pas un fichier scellé")
    if isinstance(error, TarError):
        return _("ses documents sont mal rangés ou portent un nom interdit")
    if code in {"commitment", "context"}:
        return _("son contenu n’est pas celui annoncé au dépôt")
    if code in {"files", "size", "sha256"}:
        return _("ses documents ne sont pas ceux de sa liste")
    return _("la liste de ses documents manque ou est mal formée")


def bytes_differ() -> str:
    """Our own fault: what the disk holds is not what the receipt says."""
    return _("les octets gardés par la plateforme ne sont plus ceux du récépissé")
