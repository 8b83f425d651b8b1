"""What Slack accepts as Block Kit, written down in ``grammar.json`` and checked here."""
