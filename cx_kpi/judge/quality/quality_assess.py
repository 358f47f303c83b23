"""From a run that read every field to how good its data is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cx_kpi import __version__
from cx_kpi.engine.results import Results
from cx_kpi.judge.quality.affected_metrics import affected
from cx_kpi.judge.quality.quality_files import empty, files
from cx_kpi.judge.quality.quality_problems import Problems
from cx_kpi.judge.sentences.unavailable import left_out
from cx_kpi.judge.sentences.unread_answers import with_unread
from cx_kpi.model.documents.quality import SCHEMA_VERSION, Quality
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice, Tool
from cx_kpi.model.values import Level
from cx_kpi.normalise.tables.combine import Loaded
from cx_kpi.wording.language import Language


def assess(
    loaded: Mapping[str, Loaded],
    results: Results,
    notices: Sequence[Notice],
    options: Options,
    now: datetime,
) -> Quality:
    """The quality of what was loaded, the warnings first; dates after `now` are in the future."""
    language = Language(options.language)
    missing = [*with_unread(left_out(results, options, language), results, notices, language)]
    moves = affected(results.plan, loaded, [each.metric for each in missing])
    look = Problems(loaded, moves, language, options.show_values)
    problems = [*look.told(notices), *look.suspected(now), *look.withheld(results.plan)]
    return Quality(
        schema_version=SCHEMA_VERSION,
        tool=Tool("cxkpi", __version__),
        language=options.language,
        files=[*(file for table in loaded.values() for file in files(table, moves)), *empty(notices)],
        problems=sorted(problems, key=lambda each: each.level is not Level.WARNING),
        left_out=missing,
    )
