"""The report in words: from a `Report` to the `View` that every renderer draws."""

from collections.abc import Mapping

from cx_kpi.model.options import Look
from cx_kpi.model.report import Finding, Notice, Report, Source
from cx_kpi.model.values import Level, Unit
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.anchors import anchor
from cx_kpi.render.elements.chart_words import pictures as pictures_of
from cx_kpi.render.elements.report_view import (
    Cell,
    Group,
    Heads,
    Reason,
    Remark,
    Row,
    Story,
    Table,
    Theme,
    Tone,
    View,
)
from cx_kpi.render.elements.sanitise import clean, cleaned, file_name
from cx_kpi.render.view.account_words import opened
from cx_kpi.render.view.bring_words import bring_first
from cx_kpi.render.view.cut_tables import cuts
from cx_kpi.render.view.cut_tables import periods as periods_of
from cx_kpi.render.view.hot_spots import spots
from cx_kpi.render.view.key_words import key, legend
from cx_kpi.render.view.lead_period import leads, length, own_span
from cx_kpi.render.view.metric_rows import CALENDAR, About, histories, row
from cx_kpi.render.view.notice_order import few, in_order
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words, words_of

READING_ONLY = "left_out_settings"  # the notice that settings beside the data only say how to read it
WORSE = mark("worse than the rest")
MOST_SOURCES = 200  # files that are shown one by one


def view(report: Report, look: Look | None = None, *, periods: bool = True, pictures: bool = True) -> View:
    """The report as harmless texts in its language, under the title asked for; without what is not to be shown."""
    return view_of_clean(cleaned(report), look or Look(), periods=periods, pictures=pictures)


def view_of_clean(report: Report, look: Look, *, periods: bool = True, pictures: bool = True) -> View:
    """The same of a report whose texts are clean."""
    words = words_of(report)
    _, rows = words.language, _rows(report, words)
    return View(
        language=report.language,
        title=clean(look.title) or _("Customer service report"),
        logo=look.logo,
        tool=f"{report.tool.name} {report.tool.version}",
        period=_period(report, words),
        moment=_moment(report, words),
        rows_line=_rows_line(report.sources, words),
        where=condition(report.where, words.language),
        alarm=report.alarm or "",
        hours=_hours(report, words),
        configuration=_configuration(report, words.language),
        quality=_quality(report, words),
        heads=_heads(report, words),
        key=key(report, leads(report).values(), words),
        legend=legend(report, leads(report).values(), words),
        look_at=_look_at(report, words),
        sources=_sources(report.sources, words),
        findings=[finding.text for finding in report.findings],
        stories=[_story(finding, report, words) for finding in report.findings],
        themes=[Theme(each.title, [rows[name] for name in each.metrics]) for each in report.headlines],
        spots=spots(report, words),
        groups=_groups(report, rows, words, periods=periods),
        pictures=pictures_of(report, words) if pictures else [],
        cuts=cuts(report, words),
        left_out=_left_out(report),
        bring=bring_first(report, words),
        remarks=_remarks(in_order(report.notices), words),
    )


def _period(report: Report, words: Words) -> str:
    window = report.window
    if window is None:
        return words.language("without dates") if report.metrics else words.language("no data")
    grain = words.language(labels.GRAIN[window.grain])
    return f"{words.dates.span(window.start, window.end)}, {grain}"


def _moment(report: Report, words: Words) -> str:
    if report.as_of is None:
        return ""
    moment = words.dates.moment(report.as_of)
    return words.language("as of {moment} ({timezone})", moment=moment, timezone=report.timezone)


def condition(where: str | None, language: Language) -> str:
    """`Only rows where channel = 'email'`, on one line; nothing where every row may count."""
    return language("Only rows where {condition}", condition=" ".join(where.split())) if where else ""


def _configuration(report: Report, language: Language) -> str:
    """`Settings from exports/cxkpi.toml`, or what of them counts; nothing where there are none."""
    path = report.configuration
    if path and any(each.code == READING_ONLY for each in report.notices):
        return language(
            "Settings from {file} count only for reading the files; targets are the default ones",
            file=path,
        )
    return language("Settings from {file}", file=path) if path else ""


def _rows_line(sources: list[Source], words: Words) -> str:
    """`3 files, 24,312 rows: 24,101 used, 180 set aside, 31 filtered`."""
    _, count = words.language, words.numerals.decimal
    read, used = sum(source.rows for source in sources), sum(source.used for source in sources)
    aside, out = sum(source.set_aside for source in sources), sum(source.filtered for source in sources)
    files = _.plural("{n} file", "{n} files", len({source.path for source in sources}))
    rows = _.plural("{n} row", "{n} rows", read, n=count(read))
    parts = [_("{n} used", n=count(used)), _("{n} set aside", n=count(aside))]
    parts += [_("{n} filtered out", n=count(out))] if out else []
    return f"{files}, {rows}: {', '.join(parts)}"


def _quality(report: Report, words: Words) -> Cell:
    """`98.2% of the rows used, 2 warnings`."""
    read, used = sum(each.rows for each in report.sources), sum(each.used for each in report.sources)
    warnings = sum(notice.level is Level.WARNING for notice in report.notices)
    share = words.value(used / read, Unit.SHARE, trim=True) if read else ""
    parts = [words.language("{share} of the rows used", share=share)] if read else []
    parts += [words.language.plural("{n} warning", "{n} warnings", warnings)] if warnings else []
    return Cell(", ".join(parts), Tone.UNSURE if warnings else Tone.GOOD)


def _hours(report: Report, words: Words) -> str:
    """`Business hours: Mon–Fri 09:00–17:00 (Europe/London)`, of each calendar that figures go by."""
    found = (reading.details[CALENDAR] for reading in report.metrics.values() if CALENDAR in reading.details)
    texts = [each["words"] for each in next(found, [])]
    lead = words.language("Business hours")
    return f"{lead}: {'; '.join(texts)}" if texts else ""


def _look_at(report: Report, words: Words) -> str:
    """`Where to look, 18 months (worse than …) – Chat: Answered within target 80.5% (≥ 90%); …`."""
    found = "; ".join(spot.said for spot in spots(report, words))
    head = ", ".join(filter(None, (words.language("Where to look"), length(report, words))))
    return f"{head} ({words.language(WORSE)}) – {found}" if found else ""


def _heads(report: Report, words: Words) -> Heads:
    _, whole = words.language, length(report, words)
    return Heads(
        metric=_("Metric"),
        value=_latest_period(report, words) if whole else _("Value"),
        interval=_("95% interval"),
        n=_("n"),
        target=_("Target"),
        status=_("Status"),
        change=_("Change"),
        history=_("History"),
        usual=_("Usual range"),
        able=_("Can meet the target"),
        whole=whole,
    )


def _latest_period(report: Report, words: Words) -> str:
    """`March 2026`: what leads."""
    found = next(reading.latest for reading in report.metrics.values() if reading.latest)
    return words.dates.span(found.start, found.end)


def _story(finding: Finding, report: Report, words: Words) -> Story:
    reading = report.metrics.get(finding.metric)
    if reading is None:
        return Story(finding.text, "", "")
    return Story(
        finding.text,
        finding.metric,
        anchor(finding.metric),
        opened(finding.account, reading, words),
        [Cell(each.id, link=each.link) for each in finding.tickets],
    )


def _sources(sources: list[Source], words: Words) -> Table:
    _, count = words.language, words.numerals.decimal
    heads = [_("File"), _("Table"), _("Format"), _("Rows"), _("Used"), _("Set aside"), _("Filtered out")]
    rows = [
        [
            source.path,
            _(labels.TABLE.get(source.table, source.table)),
            ", ".join(filter(None, (source.preset, _unusual(source.encoding)))),
            *map(count, _counts(source)),
        ]
        for source in sources[:MOST_SOURCES]
    ]
    if left := sources[MOST_SOURCES:]:
        sums = (sum(counts) for counts in zip(*map(_counts, left), strict=True))
        rows.append([_("and {n} more", n=count(len(left))), "", "", *map(count, sums)])
    return Table(_("Sources"), heads, [[Cell(text) for text in texts] for texts in rows])


def _counts(source: Source) -> tuple[int, int, int, int]:
    return source.rows, source.used, source.set_aside, source.filtered


def _unusual(encoding: str | None) -> str | None:
    """The encoding, unless it is what everybody expects."""
    return None if encoding and encoding.lower().replace("-", "") == "utf8" else encoding


def _rows(report: Report, words: Words) -> dict[str, Row]:
    past, lead, whole = histories(report), leads(report), length(report, words)
    grain = report.window.grain if report.window else "month"
    spans = {metric: own_span(metric, report, words) if whole else "" for metric in report.metrics}
    return {
        metric: row(lead[metric], past[metric], words, About(metric, reading, grain, whole, spans[metric]))
        for metric, reading in report.metrics.items()
    }


def _groups(report: Report, rows: Mapping[str, Row], words: Words, *, periods: bool) -> list[Group]:
    found = {
        group: [rows[metric] for metric, reading in report.metrics.items() if reading.group == group]
        for group in report.groups
    }
    return [
        Group(group, title, found[group], periods_of(report, group, words) if periods else None)
        for group, title in report.groups.items()
        if found[group]
    ]


def _left_out(report: Report) -> list[Reason]:
    """Reasons, each with the metrics it keeps away."""
    reasons: dict[str, list[str]] = {}
    for left in report.left_out:
        reasons.setdefault(left.why, []).append(left.title)
    return [Reason(why, titles) for why, titles in reasons.items()]


def _remarks(notices: list[Notice], words: Words) -> list[Remark]:
    """The notices, of one kind no more than a page can show."""
    kept = few(notices)
    remarks = [_remark(notice, words) for notice in kept]
    if left := len(notices) - len(kept):
        more = words.language.plural("{n} more notice", "{n} more notices", left)
        remarks.append(
            Remark(labels.LEVEL_TONE[Level.INFO], words.language(labels.LEVEL[Level.INFO]), more, "")
        )
    return remarks


def _remark(notice: Notice, words: Words) -> Remark:
    _ = words.language
    table = _(labels.TABLE.get(notice.table, notice.table)) if notice.table else ""
    where = file_name(notice.path) if notice.path else table
    return Remark(labels.LEVEL_TONE[notice.level], _(labels.LEVEL[notice.level]), notice.message, where)
