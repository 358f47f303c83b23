"""`cxkpi schema`: the JSON Schema of the report."""

import json
import sys


def schema() -> None:
    """Print the JSON Schema of what report -f json writes."""
    from cx_kpi.report import json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
