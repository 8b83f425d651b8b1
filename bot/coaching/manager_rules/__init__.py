"""One file, one rule for managers: each module defines ``RULE`` and is found by looking here."""
