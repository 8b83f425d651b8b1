"""Everything people can do with the bot in Slack, registered with one Bolt App."""

from threading import Semaphore

from slack_bolt import App

from bot.ports import Messenger
from bot.runtime import Runtime
from bot.surfaces import action, apologies, command, home, modal, talk

#: So many answers are worked out at once. More would be no faster, and hold up acknowledgements;
#: those that wait for Slack are not counted.
ANSWERED_AT_ONCE = 2


def register_all(app: App, runtime: Runtime, messenger: Messenger) -> None:
    commands, turn = command.load_commands(), Semaphore(ANSWERED_AT_ONCE)
    apologies.install(app, runtime)
    for each_command in commands.values():
        command.register(app, each_command, runtime, messenger, turn)
    for each_action in action.load_actions().values():
        action.register(app, each_action, runtime, messenger)
    for each_modal in modal.load_modals().values():
        modal.register(app, each_modal, runtime, messenger)
    home.register(app, home.load_homes(), runtime, messenger, turn)
    talk.register(app, commands, runtime)
