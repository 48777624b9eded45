import numpy as np

from sensorhub.synthetic.rigid_body import Attitude, felt_at

GRAVITY = np.array([0.0, 0.0, 9.80665])
OFFSET_M = (-0.12, 0.05, 0.03)
STEP_S = 1e-4
T_S = np.arange(0.0, 0.2, STEP_S)


def swing(size, frequency_hz, phase):
    w = 2 * np.pi * frequency_hz
    angle = w * T_S + phase
    return np.stack([size * np.sin(angle), size * w * np.cos(angle), -size * w**2 * np.sin(angle)], axis=-1)


ATTITUDE = Attitude(swing(0.9, 1.5, 0.3), swing(0.5, 3.0, 1.1), swing(0.7, 2.2, -0.8))


def earth_from_body():
    axes = [ATTITUDE.to_body(np.tile(axis, (len(T_S), 1))) for axis in np.eye(3)]
    return np.stack(axes, axis=1)


def test_to_body_is_a_rotation_and_obliquity_is_the_left_axis_over_the_horizon():
    rotation = earth_from_body()
    np.testing.assert_allclose(rotation @ rotation.transpose(0, 2, 1), np.tile(np.eye(3), (len(T_S), 1, 1)), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(rotation), 1.0)
    np.testing.assert_allclose(rotation[:, 2, 1], np.sin(ATTITUDE.obliquity[:, 0]), atol=1e-12)


def test_anterior_tilt_takes_the_front_down_and_yaw_takes_it_left():
    still, tilted = np.zeros((1, 3)), np.array([[0.2, 0.0, 0.0]])
    front = np.array([[1.0, 0.0, 0.0]])
    down = Attitude(still, still, tilted).to_body(np.array([[0.0, 0.0, 1.0]]))
    assert (front * down).sum() < 0
    left = Attitude(tilted, still, still).to_body(np.array([[0.0, 1.0, 0.0]]))
    assert (front * left).sum() > 0


def test_the_rate_is_the_rotation_s_own():
    rotation = earth_from_body()
    change = np.einsum("nji,njk->nik", rotation[1:-1], (rotation[2:] - rotation[:-2]) / (2 * STEP_S))
    rate = np.stack([change[:, 2, 1], change[:, 0, 2], change[:, 1, 0]], axis=-1)
    np.testing.assert_allclose(ATTITUDE.rate_radps()[1:-1], rate, atol=1e-4)


def test_the_angular_acceleration_is_the_rate_s_derivative():
    change = np.gradient(ATTITUDE.rate_radps(), STEP_S, axis=0)
    np.testing.assert_allclose(ATTITUDE.angular_acceleration_radps2()[1:-1], change[1:-1], atol=1e-2)


def test_the_force_is_that_of_the_point_s_own_path():
    origin = np.stack([0.1 * np.sin(9 * T_S), 0.05 * np.cos(7 * T_S), 0.04 * np.sin(12 * T_S)], axis=-1)
    acceleration = np.stack([-8.1 * np.sin(9 * T_S), -2.45 * np.cos(7 * T_S), -5.76 * np.sin(12 * T_S)], axis=-1)
    rotation = earth_from_body()
    path = origin + rotation @ np.array(OFFSET_M)
    own = (path[2:] - 2 * path[1:-1] + path[:-2]) / STEP_S**2
    expected = np.einsum("nji,nj->ni", rotation[1:-1], own + GRAVITY)
    force, _ = felt_at(ATTITUDE, acceleration, OFFSET_M)
    np.testing.assert_allclose(force[1:-1], expected, atol=1e-3)
