"""Imported before polars, which asks once: what tests compute is small, and threads that wait for work cost some too.

The run's workers share the cores; tests/cli/test_same_bytes.py computes with two threads. Few rows are computed in the
engine that a report on few rows takes; the fixture `engine_of_many` is for tests of what many rows go through.
"""

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("POLARS_ENGINE_AFFINITY", "in-memory")
