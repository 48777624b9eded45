"""The wheel, installed away from the checkout and run in an empty folder: all it needs is inside."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration
CHECKOUT = Path(__file__).parents[2]


def run(*command, cwd, site=None):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if site is not None:
        environment["PYTHONPATH"] = str(site)
    return subprocess.run(
        command, cwd=cwd, env=environment, check=True, capture_output=True, text=True, timeout=110
    ).stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with sensorhub from its wheel; its dependencies are those of this interpreter."""
    home = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(home / "dist"), ".", cwd=CHECKOUT)
    (wheel,) = (home / "dist").glob("*.whl")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(home / "site"), str(wheel))
    run(*pip, cwd=home)
    (home / "empty").mkdir()
    return home


def test_the_demo_runs_from_the_wheel_in_an_empty_folder(installed):
    command = (sys.executable, "-m", "sensorhub", "demo", "--seconds", "3")
    said = run(*command, cwd=installed / "empty", site=installed / "site")
    assert "Live page: http://127.0.0.1:" in said
    assert "Nothing is left running." in said
    assert not list((installed / "empty").iterdir())


def test_profiles_dashboards_and_programmes_are_inside(installed):
    shipped = {path.name for path in (installed / "site" / "sensorhub").rglob("*") if path.is_file()}
    kept = {path.name for kind in ("firmware_profiles/*", "dashboards/*.json") for path in CHECKOUT.glob(kind)}
    assert kept <= shipped
    assert {"index.html", "uPlot.iife.min.js", "hip_strength.toml"} <= shipped
