"""What a guided session tells the sensors of its runner: what is due, when that changes."""

from dataclasses import dataclass, field

from sensorhub.adapters.programmes import load_programme
from sensorhub.app.guided import Announcer, GuidedRun
from sensorhub.model.exercise import Drill
from sensorhub.model.frames import ANNOUNCED, RawFrame
from sensorhub.model.guided import GuidedAction, GuidedPhase


@dataclass
class FakeLine:
    """Remembers what was announced."""

    heard: list[RawFrame] = field(default_factory=list)

    def announce(self, announcement: RawFrame) -> None:
        self.heard.append(announcement)


def test_a_set_is_announced_with_go_and_withdrawn_with_its_end() -> None:
    now_s, line = [0.0], FakeLine()
    programme = load_programme(only=Drill.BAND_WALK)
    guided = GuidedRun(programme, "ada", clock=lambda: now_s[0])
    guided.tell_too(Announcer([line]))
    guided.act(GuidedAction.START)
    assert guided.state.phase is GuidedPhase.COUNTDOWN
    assert not line.heard
    for now_s[0], action in [
        (programme.get_ready_s + 1.0, GuidedAction.RESUME),  # changes nothing but that time has come
        (programme.get_ready_s + 2.0, GuidedAction.PAUSE),
        (programme.get_ready_s + 9.0, GuidedAction.RESUME),
        (programme.get_ready_s + 9.5, GuidedAction.RESUME),
        (programme.get_ready_s + 10.0, GuidedAction.SKIP),
    ]:
        guided.act(action)
    side = guided.state.results[0].side
    walk = f"band_walk {side.value}".encode()
    assert [one.payload for one in line.heard] == [walk, b"", walk, b""]
    assert {one.characteristic for one in line.heard} == {ANNOUNCED}
