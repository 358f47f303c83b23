"""Sums of a cube are the same to the last digit in each run, however its cells come."""

from itertools import product
from random import Random

import polars as pl

from cx_kpi.engine.aggregation.binning import AT
from cx_kpi.engine.aggregation.cube import WINDOW, cube, merged
from cx_kpi.metrics.definition.aggregations import moments

DAYS, LENGTHS = 6, moments(pl.col("length"))


def summed(rows, keys=()):
    """The moments of the lengths by window of two days, over a cube that two columns make finer."""
    with pl.Config(set_engine_affinity="in-memory"):
        cells = cube(rows.lazy(), ["product", "channel"], LENGTHS, "created_at").collect().lazy()
        codes = [day // 2 for day in range(DAYS)]
        return merged(cells, codes, keys, LENGTHS).sort(WINDOW, *keys).collect().rows()


def test_cells_add_up_in_one_order():
    # one row in each cell, with fractions of a second: only the order of the cells can tell
    random = Random(5)
    cells = [(*cell, random.randrange(10**12) / 10**6) for cell in product(range(DAYS), range(20), range(20))]
    columns = {AT: pl.Int32, "product": pl.Int32, "channel": pl.Int32, "length": pl.Float64}
    rows = pl.DataFrame(cells, columns, orient="row")
    for keys in ([], ["product"]):
        plain = summed(rows, keys)
        for seed in range(5):
            assert summed(rows.sample(fraction=1, shuffle=True, seed=seed), keys) == plain
