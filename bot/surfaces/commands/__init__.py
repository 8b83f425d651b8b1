"""One file, one slash command: each defines COMMAND."""
