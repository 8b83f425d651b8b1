"""Whether a gap is real: counts and shares against what was to be expected, and the noise in both.

Pure: no clock, no files; whoever wants random numbers passes a generator. Formulas are numbered
as in the notes on noise (docs/why/noise.md) and checked against values from R.
"""
