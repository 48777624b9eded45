"""Feet on the ground, as the motion of the pelvis tells them: columns, as an hour of running has ten thousand."""

from sensorhub.dsp.table import Table
from sensorhub.model.samples import BoolArray, FloatArray


class Contacts(Table, frozen=True):
    """Stances in the order of their contacts, arrays of shape (n,), NaN for unknown. Which foot is not known here.

    step_time_s: from the contact before, NaN for the first after a pause. running: or else walking. turn_radps,
    roll_radps: how the pelvis turned about up and about forward against what it does in a left step, negative in a
    right one. spin_radps: root mean square of the angular rate. sway_rad: range of tilt and obliquity together.
    missing_s, clipped_s: how much of the step and the stance was bridged or at the sensor's limit. roughness_mps2: root
    mean square of the second difference of the vertical acceleration: what the samples are too slow for.
    """

    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    step_time_s: FloatArray
    running: BoolArray
    turn_radps: FloatArray
    roll_radps: FloatArray
    spin_radps: FloatArray
    sway_rad: FloatArray
    missing_s: FloatArray
    clipped_s: FloatArray
    roughness_mps2: FloatArray


NO_CONTACTS = Contacts.empty()
