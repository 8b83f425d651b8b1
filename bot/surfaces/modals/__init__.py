"""What people fill in: each file defines MODAL."""
