from bot.domain.errors import PermanentError


class CannotRender(PermanentError):
    """A message could not be made: a mistake in a template, or more than Slack takes.

    ``template`` is its path below ``templates/`` or ``wording/``; ``line`` is None when unknown.
    """

    def __init__(self, template: str, message: str, *, line: int | None = None) -> None:
        place = template if line is None else f"{template}:{line}"
        super().__init__(
            f"{place}: {message}", hint="correct the template, or your wording of it, and try again"
        )
        self.template = template
        self.line = line


class BreaksBlockKit(PermanentError):
    """Slack would refuse these blocks; ``pointer`` is a JSON pointer to the place."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(f"{pointer}: {message}")
        self.pointer = pointer
