"""cxkpi: customer-service KPIs you can trust, from the exports a support team already has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself takes longer to import than --version has
    from typing import Any

    from cx_kpi.model.report import Report

__version__ = "0.1.0"
KEYWORD = "cxkpi report"  # a property of the workbooks we write, to know them again


def make_report(*paths: str, **options: Any) -> Report:
    """The report on files or folders; `options` are the fields of `cx_kpi.model.options.Options`."""
    from cx_kpi import api
    from cx_kpi.model.options import Options

    return api.make_report(Options(paths=paths, **options))
