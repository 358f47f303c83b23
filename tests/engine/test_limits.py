"""When rows wait on the disk: by what the tickets take, and only where they can be read piece by piece."""

from dataclasses import replace

import pytest
from test_buckets import files  # noqa: F401 - a fixture

from cx_kpi import api
from cx_kpi.engine.buckets import limits as bounds
from cx_kpi.engine.buckets.limits import FEWEST, MOST, PIECE, Limits, limits
from cx_kpi.model.options import Options

GIGABYTE = 2**30


class File:
    table = "tickets"


@pytest.mark.parametrize(
    ("needed", "memory", "expected"),
    [
        (GIGABYTE, 2 * GIGABYTE, None),
        (4 * GIGABYTE, 2 * GIGABYTE, Limits(8, PIECE)),
        (4 * GIGABYTE, 100 * 2**20, Limits(164, 69_905)),
        (GIGABYTE, 1, Limits(MOST, FEWEST)),
        (5 * GIGABYTE, None, Limits(5, PIECE)),
        (3 * GIGABYTE, None, None),
    ],
)
def test_buckets_by_what_the_tickets_take(monkeypatch, needed, memory, expected):
    monkeypatch.setattr(bounds, "_needed", lambda _: needed)
    monkeypatch.setattr(bounds, "_machine", lambda: 8 * GIGABYTE)
    assert limits([File()], Options(memory=memory)) == expected


def test_what_has_to_be_read_at_once_is_said(files):  # noqa: F811
    options = Options(explicit=files, memory=1, by=(("experience",),))
    said = [each for each in api.run(options).notices if each.code == "read_at_once"]
    assert [each.example for each in said] == ["columns to cut or to ask by that are made of other rows"]
    quiet = api.run(replace(options, memory=None))
    assert [each for each in quiet.notices if each.code == "read_at_once"] == []
