"""Where the presets lie."""

from pathlib import Path

PRESETS = Path(__file__).parents[2] / "presets"
