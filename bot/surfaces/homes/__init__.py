"""What stands in the Home tab, by who looks: each file defines HOME."""
