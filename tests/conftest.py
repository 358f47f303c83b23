"""Settings of all tests, and what is done anew in each process, but once in theirs."""

import os
from collections.abc import Iterator
from functools import cache

import pytest
import typer
from hypothesis import Phase, settings

from cx_kpi.model.assets import folder
from cx_kpi.read import open as opening

os.environ["LC_ALL"] = "C.UTF-8"  # reports follow the language of the environment
settings.register_profile("default", deadline=None)
settings.register_profile(  # of tests/mutate.py: a failure is enough, nobody reads it
    "mutation", deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("default")


@pytest.fixture(scope="session", autouse=True)
def once() -> Iterator[None]:
    """The options of the command are put together once, and a file of the sample data is opened once."""
    sample, plainly = folder("sample_data"), opening.open_each
    kept = cache(plainly)

    def open_each(one: opening.Input, most: int | None = None) -> list[opening.TextFrame]:
        unchanged = isinstance(one, type(sample)) and sample in one.parents
        return [*kept(one, most)] if unchanged else plainly(one, most)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "open_each", open_each)
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        yield
