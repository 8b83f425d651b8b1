from tests.office import office, office_template
from tests.slack_world import app, bot, bot_on_socket, clock, runtime, slack

#: Fixtures of every test in this folder.
__all__ = ["app", "bot", "bot_on_socket", "clock", "office", "office_template", "runtime", "slack"]
