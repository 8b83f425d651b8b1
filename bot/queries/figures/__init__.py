"""Numbers about a team's framework, each with its interval, definition and records."""
