"""Facts derived from the mirror: what happened to each deal from day to day, and what was done.

``derive`` keeps the derived tables true for the records that changed, and no others; ``select``
turns a checked metric file into one SELECT over them.
"""
