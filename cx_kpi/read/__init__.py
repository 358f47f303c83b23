"""Reading: paths in, text frames out. Nothing here knows what a ticket is."""

from cx_kpi.read.open import open_all, open_file
from cx_kpi.read.raw.source import Reject, TextFrame

__all__ = ["Reject", "TextFrame", "open_all", "open_file"]
