"""Programmes for new hires: their files, and whether one version went better than another; pure."""
