"""The outside world, simulated: a Salesforce, a Slack, and a sales organisation to fill them.

It speaks the wire protocols and imports nothing of the bot, so that it can be an honest judge.
"""
