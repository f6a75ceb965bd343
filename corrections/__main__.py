"""The program: ``corrections``, or ``python -m corrections`` in a checkout that is not installed."""

import sys

from corrections import handover


def main() -> None:
    """Run the command line. A mail that the running service takes is handed over before the rest is loaded."""
    code = handover.quickly(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    from corrections import cli  # not needed for handing over

    cli.all_stays = True
    cli.main(prog_name="corrections")


if __name__ == "__main__":
    main()
