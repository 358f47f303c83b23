"""cxkpi: customer-service KPIs you can trust, from the exports a support team already has."""

from typing import Any

__version__ = "0.1.0"


def report(*paths: str, **options: Any) -> Any:
    """The report on files or folders; `options` are the fields of `cx_kpi.options.Options`."""
    from cx_kpi.api import make_report
    from cx_kpi.options import Options

    return make_report(Options(paths=paths, **options))
