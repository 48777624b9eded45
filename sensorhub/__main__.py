"""`python -m sensorhub` is the same as the `sensorhub` command."""

from sensorhub.cli.main import main

if __name__ == "__main__":
    main()
