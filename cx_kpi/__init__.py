"""cxkpi: customer-service KPIs you can trust, from the exports a support team already has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself takes longer to import than --version has
    from typing import Any

    from cx_kpi.model.errors import CxkpiError, InputProblem, UsageProblem
    from cx_kpi.model.report import Report as Plain
    from cx_kpi.notebook.report_object import Explanation, Report
    from cx_kpi.notebook.reporting import report

__version__ = "0.1.0"
KEYWORD = "cxkpi report"  # a property of the workbooks we write, to know them again
_LAZY = {
    "report": "cx_kpi.notebook.reporting",
    **dict.fromkeys(("Report", "Explanation"), "cx_kpi.notebook.report_object"),
    **dict.fromkeys(("CxkpiError", "InputProblem", "UsageProblem"), "cx_kpi.model.errors"),
}
__all__ = ["CxkpiError", "Explanation", "InputProblem", "Report", "UsageProblem", "make_report", "report"]


def make_report(*paths: str, **options: Any) -> Plain:
    """The plain report on files or folders; `options` are the fields of `cx_kpi.model.options.Options`."""
    from cx_kpi import api
    from cx_kpi.model.options import Options

    return api.make_report(Options(paths=paths, **options))


def __getattr__(name: str) -> Any:
    """What is for Python, loaded when it is asked for."""
    if name not in _LAZY:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)
