"""Limits of size and format, printed before an upload and checked before its first byte. Sizes in bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from parvis.procurement.rules.dated import read
from parvis.procurement.rules.text import _, listed

UNITS = (("Go", 10**9), ("Mo", 10**6), ("ko", 10**3))


@dataclass(frozen=True, slots=True)
class Limits:
    """`file`, `envelope`: bytes. `files`: in one envelope (or one set of documents). `name`: characters."""

    file: int
    envelope: int
    files: int
    name: int
    extensions: tuple[str, ...]


@cache
def limits(use: Literal["deposit", "documents"] = "deposit") -> Limits:
    entry = read("limits")[use]
    return Limits(**{**entry, "extensions": tuple(entry["extensions"])})


def size(count: int) -> str:
    """2 Go, 1,5 Mo, 12 octets: one decimal at most, decimal units."""
    for unit, worth in UNITS:
        if count >= worth:
            value = f"{count / worth:.1f}".removesuffix(".0").replace(".", ",")
            return f"{value}\u00a0{unit}"
    return f"{count}\u00a0octet{'s' if count > 1 else ''}"


def extension(name: str) -> str:
    """ ".pdf" of "Mémoire.PDF"; "" without one."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def file_error(name: str, count: int, allowed: Limits) -> str | None:
    """Why a file of this name and size in bytes cannot be taken, in French; None when it can."""
    values = {"name": name, "size": size(count), "limit": size(allowed.file), "length": allowed.name}
    if count == 0:
        return _("« %(name)s » est vide : ouvrez-le pour vérifier, puis enregistrez-le de nouveau.") % values
    if count > allowed.file:
        return _(
            "« %(name)s » pèse %(size)s ; un fichier ne dépasse pas %(limit)s. Compressez-le ou coupez-le en deux."
        ) % (values)
    if len(name) > allowed.name:
        return _("Le nom « %(name)s » est trop long : %(length)d caractères au plus. Renommez le fichier.") % values
    if any(sign in name for sign in '/\\\0:*?"<>|') or name != name.strip() or not name.isprintable():
        return (
            _("Le nom « %(name)s » contient un signe qui empêche de l’enregistrer partout. Renommez le fichier.")
            % values
        )
    if extension(name) not in allowed.extensions:
        formats = listed([one.removeprefix(".") for one in allowed.extensions])
        message = _(
            "« %(name)s » n’est pas dans un format accepté. Convertissez-le, si possible en PDF. Formats : %(formats)s."
        )
        return message % {**values, "formats": formats}
    return None


def envelope_error(sizes: Sequence[int], allowed: Limits) -> str | None:
    """Why files of these sizes in bytes do not make one envelope together, in French; None when they do."""
    if not sizes:
        return _("Ajoutez au moins un fichier.")
    if len(sizes) > allowed.files:
        values = {"count": len(sizes), "limit": allowed.files}
        return (
            _("Vous avez choisi %(count)d fichiers ; une enveloppe en contient %(limit)d au plus. Regroupez-les.")
            % values
        )
    if sum(sizes) > allowed.envelope:
        totals = {"size": size(sum(sizes)), "limit": size(allowed.envelope)}
        return (
            _("Vos fichiers pèsent %(size)s ensemble ; une enveloppe ne dépasse pas %(limit)s. Allégez les plus gros.")
            % totals
        )
    return None


def limits_text(allowed: Limits) -> tuple[str, ...]:
    """The sentences printed in the rules of the consultation and above the upload."""
    return (
        _("Un fichier pèse au plus %(size)s.") % {"size": size(allowed.file)},
        _("Une enveloppe pèse au plus %(size)s et contient au plus %(files)d fichiers.")
        % {"size": size(allowed.envelope), "files": allowed.files},
        _("Formats acceptés : %(formats)s.")
        % {"formats": listed([one.removeprefix(".") for one in allowed.extensions])},
    )
