"""Imported before polars, which asks once: what tests compute is small, and threads that wait for work cost some too.

The run's workers share the cores; tests/cli/test_same_bytes.py computes with two threads.
"""

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")
