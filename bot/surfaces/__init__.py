"""Where people meet the bot in Slack: commands, buttons, modals and the Home tab."""
