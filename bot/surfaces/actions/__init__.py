"""What buttons do: each file defines ACTIONS."""
