"""The database: SQLite by default, PostgreSQL when you outgrow one machine."""
