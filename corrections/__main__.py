"""``python -m corrections``: the command line of a checkout that is not installed."""

from corrections.cli import main

if __name__ == "__main__":
    main(prog_name="corrections")
