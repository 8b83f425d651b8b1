from tests.slack_world import bot, clock, runtime, slack

__all__ = ["bot", "clock", "runtime", "slack"]  # fixtures of every test in this folder
