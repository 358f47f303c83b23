"""JSON Schemas of what we print."""

from typing import Any


def json_schema(of: type, title: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a frozen value as it is written."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(of).json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
