"""The run, on one screen: motion -> contacts -> sides -> strides."""

from sensorhub.analysis.gait_events import GaitEvents
from sensorhub.analysis.laterality import Laterality
from sensorhub.analysis.strides import Strides
from sensorhub.model.gait import Stride
from sensorhub.model.samples import MotionBlock
from sensorhub.model.status import ActivitySpan


class RunAnalysis:
    """Takes motion and gives a stride for each stance, once its toe-off is sure."""

    def __init__(self) -> None:
        self._events = GaitEvents()
        self._laterality = Laterality()
        self._strides = Strides()

    def feed(self, block: MotionBlock) -> list[Stride | ActivitySpan]:
        """Take the next samples; give the strides that they complete."""
        contacts = self._events.feed(block)
        beliefs = self._laterality.feed(contacts)
        return [self._strides.add(contact, belief) for contact, belief in zip(contacts, beliefs, strict=True)]

    def finish(self) -> list[Stride | ActivitySpan]:
        """Give the strides that only the end of the recording makes sure."""
        contacts = self._events.finish()
        beliefs = self._laterality.feed(contacts)
        return [self._strides.add(contact, belief) for contact, belief in zip(contacts, beliefs, strict=True)]
