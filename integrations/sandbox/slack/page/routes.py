from dataclasses import dataclass

from starlette.routing import BaseRoute

from integrations.sandbox.slack.sandbox import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """What whoever starts the server wants people to read first and to be at first."""

    intro: str = ""
    #: Whose eyes the page opens with; the first person when not given.
    person: str = ""


def page_routes(_sandbox: Sandbox, _settings: PageSettings) -> list[BaseRoute]:
    return []
