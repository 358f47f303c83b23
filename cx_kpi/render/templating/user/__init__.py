"""A user's own templates: filled in a process of its own, bounded in time and memory, with plain values only."""

from pathlib import Path

from cx_kpi.render.templating.user.fill_parent import fill

__all__ = ["fill", "kind"]


def kind(path: Path) -> str:
    """What a template file makes: `md` or `html`, by its name."""
    return "md" if ".md" in path.suffixes[-2:] else "html"
