"""``python -m bot`` is the command line."""


def main() -> None:
    from bot.cli.app import run  # noqa: PLC0415 - `pacesetter --help` should not wait for imports

    run()


if __name__ == "__main__":
    main()
