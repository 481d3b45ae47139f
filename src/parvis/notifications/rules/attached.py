"""What an e-mail may carry besides its words."""

from parvis.notifications.contracts import Attachment

MAX_ATTACHED = 200_000  # bytes, all attachments of one e-mail: what mailboxes take without question


def check_attached(attachments: tuple[Attachment, ...]) -> None:
    """Raises ValueError above MAX_ATTACHED: no page lets a person choose these, so it is a programmer's fault."""
    size = sum(len(one.content) for one in attachments)
    if size > MAX_ATTACHED:
        raise ValueError(f"{size} bytes attached, {MAX_ATTACHED} at most")
