"""Where the presets lie."""

from pathlib import Path

PRESETS = Path(__file__).parent.parent / "presets"
