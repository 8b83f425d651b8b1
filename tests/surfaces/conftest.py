from tests.slack_world import clock, runtime, slack

__all__ = ["clock", "runtime", "slack"]  # fixtures of every test in this folder
