"""Every error we raise on purpose, grouped by what should happen next.

* CoachingError
  + ConfigError             a person must edit app.yaml, a playbook, a CSV or the environment
  + TransientError          try again later; carries ``retry_after``
    - RateLimited
    - OutcomeUnknown        it may have worked: look before trying again
  + TooManyRecords          read them by bulk jobs
  + BulkJobLost             begin the job anew, or read without one
  + PermanentError          trying again cannot help; stop and record it
    - RecipientUnreachable
    - CredentialsRefused
    - WriteRefused          the CRM does not take what a person wanted written; says why
    - MissingField          the CRM lacks a field or hides it; what needs it is "not available"
  + Refusal                 an answer to a person, in words they can act on
    - UnknownPerson · NotAllowed · LeadsNoTeam · UnclearWords
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


class CoachingError(Exception):
    """``message`` says what is wrong, ``hint`` what to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One complaint about one place in a file."""

    file: str
    message: str
    line: int | None = None
    hint: str = ""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}" + (f"\n  hint: {self.hint}" if self.hint else "")


class ConfigError(CoachingError):
    """All problems found, so that they can be mended in one go."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class TransientError(CoachingError):
    def __init__(self, message: str, *, retry_after: timedelta, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class RateLimited(TransientError):
    pass


class OutcomeUnknown(TransientError):
    pass


class TooManyRecords(CoachingError):
    pass


class BulkJobLost(CoachingError):
    pass


class PermanentError(CoachingError):
    pass


class RecipientUnreachable(PermanentError):
    pass


class CredentialsRefused(PermanentError):
    pass


class MissingField(PermanentError):
    pass


class WriteRefused(PermanentError):
    pass


class Refusal(CoachingError):
    pass


class UnknownPerson(Refusal):
    pass


class NotAllowed(Refusal):
    pass


class LeadsNoTeam(Refusal):
    pass


class UnclearWords(Refusal):
    pass
