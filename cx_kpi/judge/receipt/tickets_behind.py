"""The tickets behind a finding, with the addresses where they are, for those whose configuration names such."""

from dataclasses import replace

from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.model.options import Options
from cx_kpi.model.report import Finding, Report, TicketLink

MOST = 5  # tickets of a finding


def with_tickets(report: Report, results: Results, options: Options) -> Report:
    """The report with the worst tickets of each finding; as it is where no address is configured."""
    if not options.config.report.ticket_link:
        return report
    jobs = {job.metric.id: job for job in results.plan.jobs if not job.aside}
    found = [_told(finding, jobs.get(finding.metric), results, options) for finding in report.findings]
    return replace(report, findings=found)


def _told(finding: Finding, job: Job | None, results: Results, options: Options) -> Finding:
    if job is None or job.method.clock.table not in results.rows:
        return finding
    from cx_kpi.judge.receipt.make_receipt import worst_of

    worst = worst_of(job, results, options).rows
    links = [TicketLink(each.id, each.link) for each in worst if each.id and each.link]
    return replace(finding, tickets=links[:MOST])
