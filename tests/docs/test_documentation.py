"""Documentation is tested: commands, settings, links and decisions cannot be forgotten or go stale."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
import typer

from sensorhub.cli.main import app
from sensorhub.config import Settings

ROOT = Path(__file__).parents[2]
LEFT_OUT = {".venv", "node_modules", "dist", "build", ".git"}
PAGES = sorted(page for page in ROOT.rglob("*.md") if not LEFT_OUT & set(page.relative_to(ROOT).parts))
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
DECISION_PARTS = ["Status", "Context", "Decision", "Consequences"]


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its full name (`dashboards push`)."""

    def under(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
        for name, command in group.commands.items():
            if isinstance(command, click.Group) or hasattr(command, "commands"):
                yield from under(command, f"{prefix}{name} ")
            else:
                yield f"{prefix}{name}", command

    root = typer.main.get_command(app)
    assert isinstance(root, click.Group) or hasattr(root, "commands")
    return under(root, "")


def settings() -> Iterator[str]:
    """Every setting as `section.key`."""
    for section in msgspec.structs.fields(Settings):
        kind = section.type
        for inner in getattr(kind, "__args__", (kind,)):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                yield from (f"{section.name}.{key}" for key in inner.__struct_fields__)


def headings(page: Path) -> list[str]:
    """The headings of a page, without what stands in code blocks."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [found.strip().strip("`") for found in re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)]


def anchor(heading: str) -> str:
    """The anchor that a heading gets on GitHub."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links(page: Path) -> list[str]:
    """Targets of the links and images of a page that lie in this repository."""
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


COMMANDS = dict(commands())


def test_there_are_commands_settings_pages_and_decisions() -> None:
    assert {"analyze", "doctor"} <= COMMANDS.keys()
    assert {"hub.name", "sensor.profile", "page.port"} <= set(settings())
    assert ROOT / "docs" / "commands.md" in PAGES
    assert DECISIONS


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_command_has_help_an_example_and_a_section(name: str) -> None:
    command = COMMANDS[name]
    assert command.help, "a docstring is the command's help"
    assert f"sensorhub {name}" in (command.epilog or ""), "an example stands in the epilog"
    for parameter in command.params:
        if isinstance(parameter, click.Option) or parameter.param_type_name == "option":
            assert parameter.help or parameter.hidden, f"{parameter.name} has no help"
    assert name in headings(ROOT / "docs" / "commands.md"), "docs/commands.md has no section"


def test_no_section_is_of_a_command_that_is_gone() -> None:
    sections = re.findall(r"^## `(.*)`$", (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(sections) <= COMMANDS.keys()


@pytest.mark.parametrize("name", list(settings()))
def test_a_setting_has_a_heading(name: str) -> None:
    assert name in headings(ROOT / "docs" / "configuration.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_resolves(page: Path) -> None:
    for target in links(page):
        path, _, place = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{target} is not there"
        assert ROOT in [linked, *linked.parents], f"{target} leads out of the repository"
        if place and linked.suffix == ".md":
            assert place in {anchor(heading) for heading in headings(linked)}, f"{target}: no such heading"


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_four_parts_and_its_number(decision: Path) -> None:
    title, *parts = headings(decision)
    assert title.startswith(decision.name[:4]), "the title begins with the number"
    assert [part for part in parts if part in DECISION_PARTS] == DECISION_PARTS


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [decision.name[:4] for decision in DECISIONS]
    assert len(numbers) == len(set(numbers))
