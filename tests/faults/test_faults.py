"""A small share of what `python -m tests.faults.run` and `python -m tests.faults.fuzz` try."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.fuzz import read, wrong
from tests.faults.injection import Forks, forks, ways
from tests.faults.mutated import FORMATS, whole, write
from tests.faults.run import KINDS, Limit, faults, played, stage
from tests.faults.scenes import SCENES

FEW = 5  # faults of each scene
CHOSEN = ("recorded", "added", "again")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    folder = tmp_path_factory.mktemp("faults")
    way, preload = ways(folder)
    if preload is None:
        pytest.skip(f"needs a C compiler; by {way or 'nothing'}: python -m tests.faults.run")
    with forks(folder, preload) as made:
        yield made


@pytest.mark.parametrize("name", CHOSEN)
def test_a_call_that_fails_or_is_the_last(name: str, running: Forks, tmp_path: Path) -> None:
    (scene,) = (each for each in SCENES if each.name == name)
    at = stage(scene, tmp_path / name, running)
    assert len([*faults(at.calls, KINDS)]) > 60
    (tally,) = played([at], running, KINDS, Limit(most=FEW, seed=13))
    assert tally.runs.total() == FEW
    assert tally.bad == []


@pytest.mark.parametrize("kind", FORMATS)
def test_damaged_files_are_read_or_refused(kind: str, running: Forks, tmp_path: Path) -> None:
    """Once in processes as they are, of which the whole run makes forks."""
    sound = whole()[kind]
    for seed in range(2):
        ran = read(running, write(tmp_path, kind, sound, seed), few=True, sandboxes=seed > 0)
        assert [*wrong(ran)] == []
