"""How polars works on few rows: its plain engine starts in a third of the time of the streaming one."""

from contextlib import AbstractContextManager, nullcontext

import polars as pl

FEW = 20_000  # rows; beyond, the streaming engine is as quick and takes less memory


def light(rows: int) -> AbstractContextManager[object]:
    """Within it, queries on so many rows run in the engine that suits them."""
    return pl.Config(set_engine_affinity="in-memory") if rows <= FEW else nullcontext()
