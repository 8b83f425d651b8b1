"""A database that cannot do its work is told of in words, and no values of its rows are."""

import sqlite3

from tests.cli.conftest import Console


def test_a_broken_file_is_said_to_be_broken(pacesetter: Console) -> None:
    path = pacesetter.home / "pacesetter.sqlite3"
    assert pacesetter("db", "upgrade").code == 0
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE cursor")
    said = pacesetter("coach", "--dry-run")
    assert said.code == 1
    assert said.errors.startswith("error: the database: no such table: cursor\n  hint: another ")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    said = pacesetter("coach", "--dry-run")
    assert said.code == 2
    assert "the database cannot be opened: database disk image is malformed" in said.errors


def test_another_kind_of_file_is_not_taken_for_a_database(pacesetter: Console) -> None:
    path = pacesetter.home / "notes.txt"
    path.write_text("Dear diary, " * 99)
    said = pacesetter("db", "check", DATABASE_URL=f"sqlite:///{path}")
    assert "DATABASE_URL: the database cannot be opened: file is not a database" in said.errors
    assert "hint: DATABASE_URL names another kind of file" in said.errors
