"""Deciding what to say and when to be silent; pure."""
