"""Pay plans: what they pay, line by line, and whether they pay for what is wanted; pure."""
