"""Check deploy/: `deploy/check` runs this."""

import sys
from collections.abc import Iterator

from deploy.checks import compose, files
from deploy.checks.broker import shipped_broker
from deploy.checks.cross_tenant import tries


def lint() -> Iterator[str]:
    """Everything that reading finds."""
    yield from compose.complaints(compose.load())
    yield from files.complaints()


def try_broker() -> int:
    """Print the table of tries; give how many were not refused."""
    with shipped_broker() as broker:
        made = list(tries(broker))
    wide = max(len(each.what) for each in made)
    for number, each in enumerate(made, start=1):
        verdict = "refused" if each.refused else "LET IN"
        print(f"{number:3} {verdict}  {each.who:12} {each.what:{wide}}  {each.said}")
    return sum(not each.refused for each in made)


def main() -> int:
    """Lint, then try; 1 where anything is wrong."""
    found = list(lint())
    for complaint in found:
        print(f"deploy: {complaint}", file=sys.stderr)
    try:
        let_in = try_broker()
    except RuntimeError as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    print(f"deploy/: {len(found)} complaints; {let_in} tries to reach across tenants succeeded")
    return int(bool(found) or bool(let_in))


sys.exit(main())
