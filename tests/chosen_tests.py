"""A plugin of pytest for tests/mutate.py: runs the tests that the file CHOSEN names, in that order."""

import json
import os
from pathlib import Path
from typing import Any


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """The others are left out; where all of a file are asked, those that the change makes come last."""
    chosen = json.loads(Path(os.environ["CHOSEN"]).read_text(encoding="utf-8"))
    order = {name: place for place, name in enumerate(chosen["tests"])}
    left = [
        item for item in items if item.nodeid in chosen["red"] or not (chosen["all"] or item.nodeid in order)
    ]
    config.hook.pytest_deselected(items=left)
    items[:] = sorted({*items} - {*left}, key=lambda item: (order.get(item.nodeid, len(order)), item.nodeid))
