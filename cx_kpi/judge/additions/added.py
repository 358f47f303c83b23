"""All additions to a judged report, in one place."""

from cx_kpi.engine.results import Results
from cx_kpi.judge.additions.benchmarks import with_benchmarks
from cx_kpi.judge.additions.certainty import with_certainty
from cx_kpi.judge.additions.closer_look import with_closer_look
from cx_kpi.judge.additions.fair_tables import with_fair_tables
from cx_kpi.judge.additions.kept_after import with_kept_after
from cx_kpi.judge.additions.new_words import with_new_words
from cx_kpi.judge.additions.outlook import with_outlook
from cx_kpi.judge.additions.saved_weeks import with_weeks
from cx_kpi.model.options import Options
from cx_kpi.model.report import Report


def added(report: Report, results: Results, options: Options) -> Report:
    """The report with a closer look at answers, fair tables, what comes, how sure its tables are, the weeks it can be compared by, and other studies."""
    report = with_kept_after(with_closer_look(report, results, options), results, options)
    report = with_fair_tables(report, results)
    report = with_certainty(with_outlook(report, results, options), results)
    return with_benchmarks(with_weeks(with_new_words(report, results), results), options)
