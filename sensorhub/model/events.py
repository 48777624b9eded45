"""The union of everything the chain can say."""

from sensorhub.model.exercise import BandWalkSet, ClamshellSet, DrillRep, SidePlankSet
from sensorhub.model.gait import Stride
from sensorhub.model.status import ActivitySpan, Gap, SensorStatus
from sensorhub.model.summary import Summary

Event = Stride | DrillRep | BandWalkSet | SidePlankSet | ClamshellSet | Gap | ActivitySpan | SensorStatus | Summary
