"""A guided session over the real way, with a sensor that drops out for ten seconds in the middle of it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from sensorhub.adapters.programmes import load_programme
from sensorhub.app.drill import run_drill
from sensorhub.app.guided import GuidedRun
from sensorhub.config import HubSettings, MqttSettings, PageSettings, SensorSettings, Settings
from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from sensorhub.model.guided import GuidedAction, GuidedPhase, GuidedState
from sensorhub.model.programme import Programme, Stage
from sensorhub.model.session import Record
from sensorhub.model.status import LinkStatus
from sensorhub.synthetic.band_walk import BandWalkParams, BandWalkSetPlan, synthesise_band_walk
from tests.support.files import recording
from tests.support.virtual_sensor import VirtualSensorProcess, virtual_sensor

STEPS = 8
AWAY_S = 10.0


class Screen:
    """Remembers what was shown."""

    def __init__(self) -> None:
        self.states: list[GuidedState] = []
        self.resting = asyncio.Event()

    def show_guided(self, state: GuidedState) -> None:
        self.states.append(state)
        if state.phase is GuidedPhase.REST:
            self.resting.set()

    def show(self, record: Record) -> None:
        """Remember the session only."""

    def show_link(self, status: LinkStatus) -> None:
        assert status.detail


def short_programme() -> Programme:
    """One set on each side, with a rest in which the sensor can go."""
    programme = load_programme(only=Drill.BAND_WALK)
    stage = Stage("short", STEPS - 2, STEPS + 5, "Slow and controlled.")
    walk = replace(programme.drills[0], sets=1, change_s=8.0, stages=(stage,))
    return replace(programme, get_ready_s=1.0, drills=(walk,))


async def vanish_in_the_rest(screen: Screen, sensor: VirtualSensorProcess) -> None:
    await screen.resting.wait()
    await sensor.order("vanish")
    await asyncio.sleep(AWAY_S)
    await sensor.order("reappear")


@pytest.mark.timeout(180)
def test_a_session_survives_a_sensor_that_goes_for_ten_seconds(tmp_path: Path) -> None:
    plans = tuple(BandWalkSetPlan(side, STEPS) for side in Side)
    made = synthesise_band_walk(BandWalkParams(seed=4, sets=plans, pause_s=25.0, fidgets=False))
    path = recording(tmp_path / "walk.csv", made.block)
    screen = Screen()

    async def train() -> GuidedState:
        async with virtual_sensor("--input", str(path)) as sensor:
            settings = Settings(
                hub=HubSettings(name="club", data_dir=str(tmp_path / "data"), radio=sensor.radio),
                sensor=(SensorSettings(name="SH-0001", runner="ada"),),
                mqtt=MqttSettings(enabled=False),
                page=PageSettings(port=0),
            )

            def ready(_url: str, guided: GuidedRun) -> None:
                guided.act(GuidedAction.START)

            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(vanish_in_the_rest(screen, sensor))
                return await run_drill(settings, short_programme(), screen, on_ready=ready)

    state = asyncio.run(train())
    assert state.phase is GuidedPhase.DONE
    assert [(result.side, result.done) for result in state.results] == [(side, STEPS) for side in Side]
    assert all(result.level_score is not None for result in state.results)
    assert any(state.sensor_lost for state in screen.states)
    assert not state.sensor_lost
