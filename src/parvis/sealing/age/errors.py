"""Why an age file or key was refused; `code` is stable and is what the test vectors name."""

from __future__ import annotations

from typing import ClassVar


class AgeError(ValueError):
    code: ClassVar[str] = "age"


class HeaderMalformed(AgeError):
    code = "header_malformed"


class VersionUnsupported(AgeError):
    code = "version_unsupported"


class HeaderMacMismatch(AgeError):
    """The file key is not this header's, or the header was altered."""

    code = "header_mac"


class NoMatch(AgeError):
    """No stanza of the header is for this identity."""

    code = "no_match"


class RecipientsRefused(AgeError):
    """An envelope has exactly one X25519 stanza and nothing else."""

    code = "recipients_refused"


class WrongPassphrase(AgeError):
    code = "wrong_passphrase"


class WorkFactorTooHigh(AgeError):
    code = "work_factor"


class KeyMalformed(AgeError):
    """A recipient, identity or file key is not well formed."""

    code = "key_malformed"


class ArmorMalformed(AgeError):
    code = "armor_malformed"


class PayloadError(AgeError):
    """The payload is not what was sealed; `chunk` counts from 0."""

    code = "payload"

    def __init__(self, message: str, chunk: int = 0) -> None:
        super().__init__(f"{message} (chunk {chunk})")
        self.chunk = chunk


class PayloadTruncated(PayloadError):
    """The file ends before its final chunk."""

    code = "payload_truncated"


class PayloadCorrupted(PayloadError):
    """A chunk does not authenticate: altered, moved, or cut in its middle."""

    code = "payload_corrupted"


class TrailingData(PayloadError):
    """Bytes follow the final chunk."""

    code = "payload_trailing"


class EmptyFinalChunk(PayloadError):
    """Only an empty payload may end with an empty chunk."""

    code = "payload_empty_final"
