"""Tanren: without a command the window opens; with one, the command line does it."""

import sys

VALUE_OPTIONS = ("--home", "--language")


def wants_window(arguments: list[str]) -> bool:
    """Whether nothing but options of the window is given."""
    rest = list(arguments)
    while rest:
        option, equals, _ = rest.pop(0).partition("=")
        if option not in VALUE_OPTIONS:
            return False
        if not equals and not rest:
            return False
        if not equals:
            rest.pop(0)
    return True


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if wants_window(given):
        from gui.app import main as window_main

        return window_main(given)
    from backend.network_lock import lock_network

    lock_network()  # before any library: this process too looks at models and datasets
    from backend.cli import main as command_main

    return command_main(given)


if __name__ == "__main__":
    sys.exit(main())
