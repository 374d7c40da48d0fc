"""Everything that can go wrong between a question and its reply.

BotError                          user_notice, retryable
├ QuestionError                   empty, too long
├ AccessError                     not allowed, or not there: the two are never told apart
├ RetrievalError                  the index did not answer (from IngestError)
├ GenerationError                 no model of the chain answered
│ ├ ModelUnavailableError         decommissioned, unknown: the next model of the chain takes over
│ │ └ UnauthorisedError           the key is refused: no model of this provider answers
│ ├ UnreachableError              retryable: no connection, or the provider itself fails
│ ├ QuotaError                    retryable, .retry_after, .daily
│ ├ PromptTooLargeError           the prompt must shrink
│ ├ GenerationTimeoutError        retryable
│ ├ BrokenStreamError             retryable: the stream ended before the answer did
│ └ GenerationRefusedError        the provider's filter refused
├ BusyError                       too many questions at once, .retry_after
├ UploadError
│ ├ DownloadError                 retryable
│ ├ FileRefusedError              the platform does not let us read it
│ └ TooLargeError
├ CaseFileError                   a file of questions for `askdocs eval` is not as it should be
└ DeliveryError                   the platform refused our message

`str(error)` is the sentence a person reads: what happened and what to do. Details go to the log under its id.
"""

from __future__ import annotations

from typing import ClassVar


class BotError(Exception):
    """Base of all errors of the bot; its text is written for a person."""

    retryable: ClassVar[bool] = False

    @property
    def user_notice(self) -> str:
        return str(self)


class QuestionError(BotError):
    """The question cannot be asked as it is."""


class AccessError(BotError):
    """The asker may not do or see this, or it does not exist: both read the same."""


class RetrievalError(BotError):
    """The index could not be searched."""

    retryable = True


class GenerationError(BotError):
    """No model wrote an answer."""


class ModelUnavailableError(GenerationError):
    """The model is not served to this account (decommissioned, unknown, unauthorised)."""


class UnauthorisedError(ModelUnavailableError):
    """The provider refuses the key, for all its models."""


class UnreachableError(GenerationError):
    """The provider cannot be reached, or fails on its side; `is_answering` when it said so itself."""

    retryable = True

    def __init__(self, notice: str, *, is_answering: bool = False) -> None:
        super().__init__(notice)
        self.is_answering = is_answering


class QuotaError(GenerationError):
    """The provider's quota is used up for `retry_after` seconds; `daily` when it is the day's."""

    retryable = True

    def __init__(self, notice: str, *, retry_after: float, daily: bool = False) -> None:
        super().__init__(notice)
        self.retry_after = retry_after
        self.daily = daily


class PromptTooLargeError(GenerationError):
    """The provider refuses a request of this size; with its figures in tokens where it gives them."""

    def __init__(
        self, notice: str, *, limit: int | None = None, requested: int | None = None, is_context: bool = False
    ) -> None:
        super().__init__(notice)
        self.limit = limit
        self.requested = requested
        self.is_context = is_context
        """The figures are the model's context and the prompt alone; else an allowance and the whole request."""


class GenerationTimeoutError(GenerationError):
    """The model did not answer in time."""

    retryable = True


class BrokenStreamError(GenerationError):
    """The stream ended before the answer did."""

    retryable = True


class GenerationRefusedError(GenerationError):
    """The provider's own filter refused the request."""


class BusyError(BotError):
    """More questions are waiting than the queue holds."""

    retryable = True

    def __init__(self, notice: str, *, retry_after: float) -> None:
        super().__init__(notice)
        self.retry_after = retry_after


class UploadError(BotError):
    """An upload cannot be taken."""


class DownloadError(UploadError):
    """The platform did not hand over the file."""

    retryable = True


class FileRefusedError(UploadError):
    """The platform says that the file is not there, or not for us."""


class TooLargeError(UploadError):
    """The file is larger than what is read."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"It is larger than the {max_bytes // 1_000_000:,} MB that I may read.")


class DeliveryError(BotError):
    """A message did not get to the platform."""

    is_refusal = False
    """The platform said no: trying again changes nothing."""


class CaseFileError(BotError):
    """The file of questions is not one JSON object a line; the text names the line."""
