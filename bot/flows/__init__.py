"""Deeds: each is one transaction story."""
