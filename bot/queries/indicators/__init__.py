"""One file, one indicator of how a duty is met: each defines INDICATOR and is found here."""
