"""A Slack that fits in one process: Web API, Socket Mode, signed HTTP, and a page to look at it."""
