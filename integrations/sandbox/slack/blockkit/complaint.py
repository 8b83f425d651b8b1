from dataclasses import dataclass

from integrations.sandbox.slack.state.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing wrong with a payload, and the JSON pointer to it."""

    pointer: str
    message: str
    code: str = "failed_constraint"
    constraint: Json | None = None

    def as_line(self) -> str:
        """As ``response_metadata.messages`` words it."""
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"

    def as_error(self) -> Json:
        """As ``blocks.validate`` reports it."""
        error: Json = {"code": self.code, "message": self.message, "pointer": self.pointer}
        if self.constraint is not None:
            error["constraint"] = self.constraint
        return error
