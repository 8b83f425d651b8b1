"""Charts as SVG, one template a kind, and their words for whoever cannot see them.

Cards with a background of their own, so that they read the same in light and dark mode; letters are
large enough for a phone, where Slack shows a card 600 wide at little more than half its size.
"""
