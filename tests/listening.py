"""Those who keep what they hear, and those who are found wherever they are looked for."""

from collections.abc import Callable, Mapping

from bot.domain.ids import SlackUserId
from bot.domain.message import Message, View
from bot.ports import SlackPerson
from bot.render.environment import Renderer


class Recorder(Renderer):
    """Ours, that keeps what each template was given."""

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[str, list[Mapping[str, object]]] = {}
        self.rendering: dict[str, Callable[[str, Mapping[str, object]], Message | View]] = {}

    def render(self, template: str, view: Mapping[str, object]) -> Message:
        self.views.setdefault(template, []).append(view)
        self.rendering[template] = super().render
        return super().render(template, view)

    def render_view(self, template: str, view: Mapping[str, object]) -> View:
        self.views.setdefault(template, []).append(view)
        self.rendering[template] = super().render_view
        return super().render_view(template, view)


class Everybody:
    """A directory in which everybody and every channel is found."""

    def find_channel(self, name: str) -> str | None:
        return f"C0{name.upper()}"

    def find_by_email(self, email: str) -> SlackPerson | None:
        name = email.partition("@")[0]
        return SlackPerson(
            id=SlackUserId(f"U0{name.upper()}"), name=name, email=email, zone="UTC", locale="en_US"
        )

    def find_by_id(self, person: str) -> SlackPerson | None:
        return self.find_by_email(f"{person.removeprefix('U0').lower()}@acme.example")
