"""The `sensorhub` command, and `python -m sensorhub`, which is the same."""

import sys


def main() -> None:
    """Run the command, and leave quietly where Ctrl-C comes before there is one to run."""
    try:
        from sensorhub.cli.main import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
