"""`cxkpi demo`: the report on the sample company that comes with the package."""

from typing import Annotated

from cx_kpi.cli.options import arguments
from cx_kpi.render.formats import FORMATS


def demo(
    format: Annotated[str | None, arguments.formats(FORMATS)] = None,
    output: arguments.Outputs = None,
    lang: arguments.Language = None,
    last: arguments.Last = None,
    no_color: arguments.NoColor = False,
) -> int:
    """Show the report on 18 months of a made-up company."""
    from cx_kpi.cli.commands.report_command import report
    from cx_kpi.model.assets import folder
    from cx_kpi.normalise.config.read_config import NAME

    sample = folder("sample_data")
    return report(
        [str(sample)],
        config=str(sample / NAME),
        format=format,
        output=output,
        lang=lang,
        last=last,
        no_color=no_color,
    )
