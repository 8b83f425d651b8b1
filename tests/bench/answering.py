"""A process of its own that answers Slack over signed HTTP, as ``pacesetter run`` does.

``python -m tests.bench.answering DATABASE API-URL`` prints its address and answers until killed.
"""

import sys
from pathlib import Path
from threading import Event

import structlog

from bot.render.charts.painter import Painter
from bot.storage.database import open_database
from bot.surfaces.listeners import register_all
from integrations.sandbox.serving import serve
from integrations.slack.bolt_app import EVENTS_PATH, build_app, build_client, http_door
from integrations.slack.credentials import SlackCredentials
from integrations.slack.messenger import SlackMessenger
from tests.bench.fill import NOW
from tests.coached_team import runtime_at

SECRET = "of the benchmark"


def main() -> None:
    file, api = sys.argv[1:]
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    credentials = SlackCredentials(
        bot_token="xoxb-bench",
        app_token=None,
        signing_secret=SECRET,
        api_url=f"{api}/api/",
    )
    client = build_client(credentials)
    app = build_app(credentials, client)
    runtime = runtime_at(NOW, open_database(f"sqlite:///{Path(file)}"))
    register_all(app, runtime, SlackMessenger(client, draw=Painter()))
    with serve(http_door(app)) as server:
        sys.stdout.write(f"{server.url}{EVENTS_PATH}\n")
        sys.stdout.flush()
        Event().wait()


if __name__ == "__main__":
    main()
