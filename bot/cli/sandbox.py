"""One simulated server alone, for trying clients against it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.errors import ConfigError, Problem

if TYPE_CHECKING:
    from integrations.sandbox.salesforce.sessions import Credentials
    from integrations.sandbox.salesforce.store import Store

app = typer.Typer(help="One simulated server alone, until told to stop.", no_args_is_help=True)
Port = Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")]


@app.command()
def salesforce(
    *,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of CSV files as Salesforce's Data Export writes them."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Without --data: which made-up organisation.")] = 7,
    port: Port = 0,
    page_size: Annotated[int, typer.Option(min=200, max=2000, help="Records a page.")] = 2000,
    proxy: Annotated[
        bool, typer.Option(help="Programs that mean login.salesforce.com get here too.")
    ] = False,
) -> None:
    """A server that speaks Salesforce's API."""
    from integrations.sandbox.salesforce.app import create_app  # noqa: PLC0415 - slow to import
    from integrations.sandbox.salesforce.sessions import Credentials  # noqa: PLC0415
    from integrations.sandbox.serving import require_free, serve  # noqa: PLC0415
    from integrations.sandbox.tunnel import INSTANCE, open_tunnel  # noqa: PLC0415

    with _had(port):
        require_free(port)
    store = _store(data, seed)
    home = INSTANCE if proxy else None
    app = create_app(store, store.clock, page_size=page_size, instance_url=home)
    with _had(port):
        server = serve(app, port=port)
    _tell(server.url, Credentials())
    with ExitStack() as opened:
        if proxy:
            folder = opened.enter_context(TemporaryDirectory())
            told = opened.enter_context(open_tunnel(server.port, Path(folder)))
            typer.echo("\n".join(f"{name}={value}" for name, value in told.items()))
        _wait()
    server.stop()


def _store(data: Path | None, seed: int) -> "Store":
    """What the folder holds, or else a made-up organisation."""
    from integrations.sandbox.clock import SandboxClock  # noqa: PLC0415 - slow to import
    from integrations.sandbox.org import generate  # noqa: PLC0415 - slow to import
    from integrations.sandbox.salesforce.errors import BadExport  # noqa: PLC0415 - slow to import
    from integrations.sandbox.salesforce.store import Store  # noqa: PLC0415 - slow to import

    clock = SandboxClock()
    if data is None:
        org = generate(seed=seed, today=datetime.now(UTC).date())
        return Store.from_changes(org.changes, clock=clock)
    try:
        return Store.from_folder(data, clock=clock)
    except BadExport as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _tell(url: str, known: "Credentials") -> None:
    told = {
        "LOGIN_URL": url,
        "CLIENT_ID": known.client_id,
        "CLIENT_SECRET": known.client_secret,
        "USERNAME": known.username,
        "PASSWORD": known.password,
        "SECURITY_TOKEN": known.security_token,
    }
    typer.echo("\n".join(f"SALESFORCE_{name}={value}" for name, value in told.items()))


@app.command()
def slack(
    *,
    seed: Annotated[int, typer.Option(help="Whose people are in the workspace.")] = 7,
    port: Port = 0,
) -> None:
    """A server that speaks Slack's API, with a page; the app is installed as `manifest` says."""
    from bot.bootstrap import make_manifest  # noqa: PLC0415 - slow to import
    from integrations.sandbox.clock import SandboxClock  # noqa: PLC0415 - slow to import
    from integrations.sandbox.org import generate  # noqa: PLC0415 - slow to import
    from integrations.sandbox.serving import require_free  # noqa: PLC0415 - slow to import
    from integrations.sandbox.slack.credentials import Credentials  # noqa: PLC0415
    from integrations.sandbox.slack.server import run_slack_sandbox  # noqa: PLC0415

    with _had(port):
        require_free(port)
    org = generate(seed=seed, today=datetime.now(UTC).date())
    with _had(port):
        server, _ = run_slack_sandbox(
            org.people, org.channels, SandboxClock(), port=port, manifest=make_manifest()
        )
    known = Credentials()
    typer.echo(f"SLACK_API_URL={server.url}/api/")
    typer.echo(f"SLACK_BOT_TOKEN={known.bot_token}")
    typer.echo(f"SLACK_APP_TOKEN={known.app_token}")
    typer.echo(f"SLACK_SIGNING_SECRET={known.signing_secret}")
    typer.echo(f"page: {server.url}")
    _wait()
    server.stop()


@contextmanager
def _had(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "choose another with --port; 0 takes any that is free"
        message = f"{port} cannot be used: {error.strerror or error}"
        raise ConfigError([Problem(file="--port", message=message, hint=hint)]) from error


def _wait() -> None:
    """Until SIGTERM or Ctrl-C."""
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    # A signal may reach another thread; Python runs its handler once this one wakes.
    while not is_over.wait(0.5):
        pass
