"""From Slack to the app: events, commands and presses, over sockets or signed HTTP."""
