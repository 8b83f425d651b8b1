from tests.office import office, office_bot, office_template
from tests.slack_world import app, bot, bot_on_socket, clock, runtime, slack
from tests.stage import stage

#: Fixtures of every test in this folder.
__all__ = [
    "app",
    "bot",
    "bot_on_socket",
    "clock",
    "office",
    "office_bot",
    "office_template",
    "runtime",
    "slack",
    "stage",
]
