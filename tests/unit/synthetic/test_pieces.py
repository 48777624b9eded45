import numpy as np

from sensorhub.synthetic.pieces import (
    SHAPES,
    PieceBuilder,
    shape_double_integrals,
    shape_integrals,
    shape_values,
)

GRAVITY = 9.80665


def hops() -> PieceBuilder:
    builder = PieceBuilder()
    builder.to_state(0.3, 0.6, 0.02)
    for _ in range(5):
        builder.fall(0.12, GRAVITY)
        builder.to_state(0.25, 0.6, 0.02, {"constant": -GRAVITY, "bump": 4.0, "sin3": 0.5})
    builder.to_state(0.5, 0.0, 0.0)
    return builder


def test_speed_and_place_are_the_integrals_of_the_acceleration() -> None:
    pieces = hops().done()
    t_s = np.linspace(0.0, 2.6, 260_001)
    step = t_s[1] - t_s[0]
    speed = np.concatenate(
        [[0.0], np.cumsum(0.5 * (pieces.acceleration_mps2(t_s)[1:] + pieces.acceleration_mps2(t_s)[:-1])) * step]
    )
    place = np.concatenate([[0.0], np.cumsum(0.5 * (speed[1:] + speed[:-1])) * step])
    np.testing.assert_allclose(pieces.velocity_mps(t_s), speed, atol=2e-3)
    np.testing.assert_allclose(pieces.position_m(t_s), place, atol=2e-3)


def test_speed_and_place_do_not_jump_where_pieces_join() -> None:
    pieces = hops().done()
    before, after = pieces.start_s[1:] - 1e-9, pieces.start_s[1:] + 1e-9
    np.testing.assert_allclose(pieces.velocity_mps(before), pieces.velocity_mps(after), atol=1e-6)
    np.testing.assert_allclose(pieces.position_m(before), pieces.position_m(after), atol=1e-7)


def test_a_piece_ends_at_the_state_asked_for() -> None:
    builder = PieceBuilder()
    builder.to_state(0.4, -0.7, 0.11, {"cos2": 3.0})
    pieces = builder.done()
    end = np.array([0.4])
    np.testing.assert_allclose([pieces.velocity_mps(end)[0], pieces.position_m(end)[0]], [-0.7, 0.11], atol=1e-12)


def test_each_shape_has_its_own_integrals():
    tau = np.linspace(0.0, 1.0, 200_001)
    step = tau[1]
    middle = 0.5 * (tau[1:] + tau[:-1])
    once = np.cumsum(shape_values(middle), axis=0) * step
    np.testing.assert_allclose(shape_integrals(tau)[1:], once, atol=1e-9)
    twice = np.cumsum(shape_integrals(middle), axis=0) * step
    np.testing.assert_allclose(shape_double_integrals(tau)[1:], twice, atol=1e-9)
    assert shape_values(tau).shape[1] == len(SHAPES)
