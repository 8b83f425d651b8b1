from integrations.sandbox.slack.api.call import Call
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.values import Json


def apps_connections_open(call: Call) -> Json:
    """A one-time address for one socket."""
    installation = call.installation
    ticket = installation.tickets.issue()
    scheme, _, host = installation.address.partition("://")
    secure = "wss" if scheme == "https" else "ws"
    app_id = installation.workspace.bot.app_id
    return {"url": f"{secure}://{host}/link/?ticket={ticket}&app_id={app_id}"}


METHODS: dict[str, Answer] = {"apps.connections.open": apps_connections_open}
