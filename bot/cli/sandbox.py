import typer

app = typer.Typer(help="One simulated server alone.", no_args_is_help=True)
