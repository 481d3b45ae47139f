class Refusal(Exception):
    """A verb that says no. `message` is the French sentence for the person: what happened and what to do next.

    `code` is stable (URL-safe English) for scripts and tests, `field` the form field that caused it, if one did.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class RetryLater(Exception):
    """An outside system did not answer: the job is tried again."""


class Permanent(Exception):
    """An outside system refused for good: trying again would change nothing."""
