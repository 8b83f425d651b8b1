"""Fetch the next page while the last one is being stored."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Page = TypeVar("Page")


def ahead(pages: Iterator[Page]) -> Iterator[Page]:
    """The same pages, each asked for in a thread as soon as the one before it is there.

    Never more than one is waiting. What goes wrong is raised in its turn, after the pages before.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="next-page") as thread:
        page = thread.submit(next, pages, None).result()
        while page is not None:
            coming = thread.submit(next, pages, None)
            yield page
            page = coming.result()
