"""``python -m bot`` is the command line."""

import os


def main() -> None:
    # Our matrices are small: threads of the algebra library wait for one another longer than they
    # work. It reads this once, when numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from bot.cli.app import run  # noqa: PLC0415 - `pacesetter --help` should not wait for imports

    run()


if __name__ == "__main__":
    main()
