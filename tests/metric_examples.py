"""What is in tests/metrics of each metric: its unit, direction and target, worked examples, and SQL of its definition."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "metrics"
FILES: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))
}
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    f"{metric}: {each['name']}": (metric, each) for metric, file in FILES.items() for each in file["example"]
}
KEYS = {"unit", "better", "target", "sql", "example"}
