"""What may cross the wall of the notifications room."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

_NAME = re.compile(r"[^\x00-\x1f\x7f/\\]{1,120}")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+(; ?[a-z0-9-]+=[A-Za-z0-9._-]+)*")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file joined to an e-mail. `media_type` keeps its parameters, `text/calendar; method=PUBLISH; charset=utf-8`:
    mail programs read them. Raises ValueError for a name or a type that could not stand in a header.
    """

    name: str
    media_type: str
    content: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"not a file's name: {self.name!r}")
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise ValueError(f"not a media type: {self.media_type!r}")


@dataclass(frozen=True, slots=True)
class AttachedView:
    """What is said of a file in a list; `size` in bytes."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """One e-mail or SMS and what became of it. `channel` is email or sms; `to` an address or an E.164 number and
    `to_label` what a person reads; `state` is waiting, sent or failed, `state_label` its French; `last_error` is the
    server's own words. The words of an account letter and the contents of files are gone once handed over.
    """

    id: UUID
    channel: str
    channel_label: str
    to: str
    to_label: str
    title: str
    text: str
    attached: tuple[AttachedView, ...]
    state: str
    state_label: str
    attempts: int
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    subject_id: UUID | None
