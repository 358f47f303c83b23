import math
import random

import pytest

from cx_kpi.judge.statistics.weekdays import Piece, Weekly
from cx_kpi.judge.statistics.weeks import INDEPENDENT, Neighbours, Persistence, neighbours, persistences
from cx_kpi.model.sums import Quantity, Sums


def line(luck, rows=400, noise=True, seed=1):
    """Weeks of a share around 0.5 with this luck, in standard errors of their rows."""
    chance, error = random.Random(seed), 0.5 / math.sqrt(rows)
    rates = [0.5 + error * (each + (chance.gauss(0, 1) if noise else 0)) for each in luck]
    pieces = tuple(Piece(week, rows, rows * rate) for week, rate in enumerate(rates))
    return Weekly(Quantity.SHARE, (pieces,), 1.0, (Sums(0, 0, 0),), (0, 1))


def lasting(weeks, size, part, seed):
    chance, luck, level = random.Random(seed), [], 0.0
    for _ in range(weeks):
        level = part * level + math.sqrt(1 - part**2) * chance.gauss(0, size)
        luck.append(level)
    return luck


def test_independent_weeks_inflate_nothing():
    assert INDEPENDENT.inflation(5) == 1


def test_the_inflation_is_that_of_a_mean_of_neighbours():
    part, weeks = 0.4, 5
    covariances = [part ** abs(i - j) for i in range(weeks) for j in range(weeks)]
    assert Persistence(part, part).inflation(weeks) == pytest.approx(sum(covariances) / weeks)


def test_weeks_in_turn_are_unlike_their_neighbours():
    found = neighbours(line([3, -3] * 20, noise=False), [(0,)])
    assert found.correlation == pytest.approx(-1, abs=0.06)
    assert found.excess == pytest.approx(8 / 9, abs=0.02)
    assert neighbours(line([0] * 20, noise=False), [(0,)]) is None
    assert neighbours(line([]), [(0,)]) is None


def test_a_gap_parts_neighbours():
    pieces = tuple(Piece(2 * week, 100, 100 * (0.5 + 0.1 * (-1) ** week)) for week in range(20))
    apart = neighbours(Weekly(Quantity.SHARE, (pieces,), 1.0, (Sums(0, 0, 0),), (0, 1)), [(0,)])
    assert apart.correlation == pytest.approx(1 / 20)


def mean_near(part, size, series=30):
    found = {str(i): neighbours(line(lasting(56, size, part, i), seed=i + 99), [(0,)]) for i in range(series)}
    return found, persistences(found)


def test_what_lasts_is_told_by_all_series_together():
    found, told = mean_near(0.3, 3.0)
    alone = [each.correlation for each in found.values()]
    together = [each.near for each in told.values()]
    assert sum(together) / 30 == pytest.approx(0.27, abs=0.06)  # 0.3 of nine tenths
    assert max(together) - min(together) < (max(alone) - min(alone)) / 2


def test_rows_alone_do_not_last():
    _, told = mean_near(0.3, 0.0)
    assert sum(each.near for each in told.values()) / 30 < 0.05


def test_luck_that_turns_is_no_persistence():
    told = persistences({"x": Neighbours(-0.5, 0.9, 50)})
    assert told["x"].near == 0
    assert persistences({}) == {}
