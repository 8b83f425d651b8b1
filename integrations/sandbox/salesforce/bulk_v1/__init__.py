"""Bulk API 1.0, which older clients speak: jobs of batches, in CSV, XML or JSON."""
