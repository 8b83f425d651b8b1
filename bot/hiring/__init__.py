"""Whom to hire: scorecards, and what the hiring process can and cannot tell; pure."""
