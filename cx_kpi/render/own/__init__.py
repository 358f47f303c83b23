"""A user's own templates: filled in a process of its own, bounded in time and memory, with plain values only."""

from cx_kpi.render.own.parent import fill

__all__ = ["fill"]
