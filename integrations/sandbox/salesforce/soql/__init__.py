"""Salesforce's query language: text to syntax tree, tree to SQLite, rows to records."""
