"""What a workspace holds: people, conversations, messages, views and files. No wire, no page."""
