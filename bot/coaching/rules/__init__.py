"""One file, one rule: each module defines ``RULE`` and is found by looking in this folder."""
