"""Imported before polars, which asks once: each worker of the tests has a core, and so has what it starts."""

import os

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
