"""The latest full period leads in every format; the window is next to it, with its name; signs come from verdicts."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cx_kpi.model.report import Account, Cause, Latest, Report, Usual
from cx_kpi.model.values import Better, Capability, Unit, Verdict
from cx_kpi.render import xlsx
from cx_kpi.render.charts.trend_chart import signs_of, trend
from cx_kpi.render.elements.report_view import Row
from cx_kpi.render.elements.spark import EDGE, HEIGHT, stripe
from cx_kpi.render.page.html import render as page
from cx_kpi.render.terminal.terminal_report import render as terminal
from cx_kpi.render.text.mail import render as mail
from cx_kpi.render.text.markdown import render as markdown
from cx_kpi.render.text.slack import render as slack
from cx_kpi.render.view import account_words
from cx_kpi.render.view.judgement_words import ability_of, change_of, sign_of
from cx_kpi.render.view.key_words import key
from cx_kpi.render.view.present import view
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

from .company import company
from .test_xlsx import cells

EN, RU = Words(Language("en")), Words(Language("ru"))
ASKED = "csat"
NARROW = "\N{NO-BREAK SPACE}"
GOOD, BAD, UP, DOWN, OTHER, SAME = Verdict


def led(code: str = "en") -> Report:
    """A report whose CSAT was 91.7 % in June, and 84 % over the window."""
    report = company(code)
    reading = report.metrics[ASKED]
    assert reading.latest
    latest = replace(reading.latest, value=0.917, n=61, interval=(0.82, 0.96))
    reading = replace(reading, value=0.84, details={"hits": 1000, "pending": 7}, latest=latest)
    june = [point for point in report.series if (point.metric, point.start) == (ASKED, "2026-06-01")]
    series = [replace(each, details={"pending": 2}) if each in june else each for each in report.series]
    return replace(report, metrics=report.metrics | {ASKED: reading}, series=series)


def chosen(report: Report) -> Report:
    """The same where the window is what is judged."""
    assert report.window
    span = {"start": report.window.start, "end": report.window.end}
    metrics = {
        name: replace(each, latest=replace(each.latest, value=each.value, n=each.n, **span))
        for name, each in report.metrics.items()
        if each.latest
    }
    return replace(report, metrics=metrics)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text).replace("&nbsp;", " "))


def test_the_row_is_that_of_the_period_and_the_window_is_named():
    shown = view(led())
    row = next(row for group in shown.groups for row in group.rows if row.id == ASKED)
    assert (row.value, row.n, row.interval, row.whole) == ("91.7%", "61", "82.0–96.0%", "84.0%")
    assert (shown.heads.value, shown.heads.whole) == ("June 2026", "19 months")
    assert "pending 2" in {fact.said for fact in row.facts}
    assert "pending 7" not in {fact.said for fact in row.facts}
    assert "pending 7" in {fact.said for fact in row.over}


def test_the_period_leads_in_every_format():
    letters = mail(led()).decode()
    for text in (terminal(led(), 120), markdown(led()), plain(page(led()))):
        assert "June 2026" in text
        assert re.search(r"91\.7%.*84\.0%", text, re.DOTALL)
        assert "19 months" in text
    assert "June 2026" in letters
    rows = cells(xlsx.render(led()), 2)
    (heads,) = (row for row in rows if "June 2026" in row)
    assert heads.index("June 2026") < heads.index("19 months")
    (line,) = (row for row in rows if row and row[0] == led().metrics[ASKED].title)
    assert [each for each in line if each in (0.917, 0.84)] == [0.917, 0.84]


def test_a_chosen_window_is_shown_once():
    shown = view(chosen(led()))
    assert shown.heads.whole == ""
    assert shown.heads.value == "Value"
    assert all(not row.whole and not row.over for group in shown.groups for row in group.rows)
    assert "19 months" not in terminal(chosen(led()), 120)


def test_without_a_judgement_there_is_no_sign():
    report = company()
    metrics = {name: replace(each, latest=None) for name, each in report.metrics.items()}
    rows = [row for group in view(replace(report, metrics=metrics)).groups for row in group.rows]
    assert {row.sign for row in rows} == {""}
    assert {row.verdict.text for row in rows} == {""}


@pytest.mark.parametrize(
    ("verdict", "better", "sign"),
    [
        (GOOD, Better.HIGHER, "▲"),
        (GOOD, Better.LOWER, "▼"),
        (BAD, Better.HIGHER, "▼"),
        (BAD, Better.LOWER, "▲"),
        (UP, Better.NEITHER, "▲"),
        (DOWN, Better.NEITHER, "▼"),
        (SAME, Better.HIGHER, "○"),
        (None, Better.HIGHER, ""),
    ],
)
def test_signs_come_from_the_verdict(verdict, better, sign):
    assert sign_of(Latest("2026-06-01", "2026-07-01", 1, 1, verdict=verdict), better) == sign


def test_ratios_are_said_in_percent_and_differences_in_their_unit():
    reading = company().metrics["resolution_time"]
    assert reading.latest
    ratio = replace(reading, latest=replace(reading.latest, change=0.184, relative=True))
    assert change_of(ratio.latest, ratio, EN) == "+18%"
    assert change_of(ratio.latest, ratio, RU) == "+18\u00a0%"
    assert "%" not in change_of(reading.latest, reading, EN)


def test_what_the_process_can_do_is_said_in_words():
    latest = Latest("2026-06-01", "2026-07-01", 1, 1, can_meet=Capability.CANNOT_TELL, more_rows=2_100)
    assert ability_of(latest, EN).text == "cannot tell: about 2,100 more rows would"
    assert ability_of(replace(latest, can_meet=Capability.RELIABLY), EN).text == "reliably"
    assert ability_of(replace(latest, can_meet=None), EN).text == ""


@pytest.mark.parametrize("code", ["en", "ru"])
def test_an_account_says_who_stands_out_or_that_nobody_does(code):
    report = company(code)
    finding = report.findings[0]
    assert finding.account
    (story, _) = view(report).stories
    assert story.opened
    assert len(story.opened.named) == 1
    assert not story.opened.none
    for text in (terminal(report, 100), markdown(report), plain(page(report))):
        said = re.sub(r"\s+", " ", story.opened.summed)
        assert said in re.sub(r"\s+", " ", text.replace("\\", ""))
    nobody = [replace(each, named=False) for each in finding.account.causes]
    still = replace(finding, account=replace(finding.account, causes=nobody, reversed=True))
    opened = view(replace(report, findings=[still])).stories[0].opened
    assert opened
    assert opened.none
    assert not opened.named
    assert opened.reversed in plain(page(replace(report, findings=[still])))


def shown_parts(reading, account):
    opened = account_words.opened(account, reading, EN)
    texts = [fact.text.replace("\N{MINUS SIGN}", "-") for fact in opened.parts]
    return opened, [float(re.sub(r"[^-\d.]", "", text)) for text in texts]


@pytest.mark.parametrize(
    ("unit", "change", "rate"),
    [(Unit.COUNT, 209.453, 114.641), (Unit.COUNT, 10.5, 5.25), (Unit.SHARE, -0.05235, -0.03144)],
)
def test_the_parts_of_a_change_add_up_as_they_are_shown(unit, change, rate):
    causes = [
        Cause({"category": "app"}, 151.0, 36.0, 151, rate, 0.0, True),
        Cause({"category": "setup"}, 75.0, 39.0, 75, change - rate, 0.0, False),
    ]
    reading = replace(company().metrics["resolution_time"], unit=unit)
    account = Account("category", change, rate, 0.0, change - rate, causes)
    opened, parts = shown_parts(reading, account)
    whole = round(change) if unit is Unit.COUNT else round(100 * change, 1)
    assert sum(parts) == pytest.approx(whole)
    assert opened.parts[0].label == "app"
    assert all(fact.said in opened.summed for fact in opened.parts)
    assert "all others together" in opened.summed


def test_a_finding_links_to_its_chart():
    text = page(company())
    for finding in company().findings:
        assert f'href="#chart-{finding.metric}"' in text
        assert f'<figure id="chart-{finding.metric}"' in text


def test_points_outside_the_usual_range_are_named_on_the_chart():
    report = company()
    reading = report.metrics[ASKED]
    points = [point for point in report.series if point.metric == ASKED]
    points = [replace(point, outside=False) for point in points]
    points[4] = replace(points[4], value=0.5, outside=True)
    spec = str(trend(reading, points, None, EN))
    assert "'May 50.0%'" in spec
    assert {"band", "ring"} <= {mark for mark, _ in signs_of(points, None, EN)}
    calm = [replace(point, outside=False) for point in points]
    assert "ring" not in {mark for mark, _ in signs_of(calm, None, EN)}
    assert "'May 50.0%'" not in str(trend(reading, calm, None, EN))


def test_a_terminal_names_them_too():
    from cx_kpi.model.options import Look

    text = terminal(company(), 100, look=Look(charts="static"))
    assert "░ the usual range; outside it: " in text


def test_a_stripe_stays_inside_the_drawing():
    top, bottom = EDGE, HEIGHT - EDGE
    assert stripe([1.0, 2.0], -5.0, 9.0) == {"y": f"{top:g}", "height": f"{bottom - top:g}"}
    assert stripe([1.0, 3.0], 1.5, 2.5) == {"y": f"{top + 4.5:g}", "height": "9"}
    assert stripe([1.0, None], 0.0, 1.0) == {}


@pytest.mark.parametrize(
    ("start", "end", "grain", "english", "russian"),
    [
        ("2024-10-01", "2026-04-01", "month", "18 months", "18 месяцев"),
        ("2026-01-01", "2026-02-01", "month", "1 month", "1 месяц"),
        ("2025-01-01", "2026-01-01", "quarter", "4 quarters", "4 квартала"),
        ("2024-01-01", "2026-01-01", "year", "2 years", "2 года"),
        ("2026-01-05", "2026-01-26", "week", "3 weeks", "3 недели"),
        ("2026-01-05", "2026-01-26", "day", "21 days", "21 день"),
        ("2024-10-01", "2026-03-17", "month", "since Oct 2024", "с окт. 2024"),
        ("2024-10-05", "2026-04-01", "month", "since 5 Oct 2024", "с 5 окт. 2024"),
    ],
)
def test_how_long_a_window_is(start, end, grain, english, russian):
    assert EN.dates.length(start, end, grain) == english
    assert RU.dates.length(start, end, grain) == russian


@pytest.mark.parametrize(
    ("start", "end", "grain", "english", "russian"),
    [
        ("2026-01-01", "2026-08-01", "month", "7 months", "7 месяцев"),
        ("2026-01-01", "2026-08-01", "week", "7 months", "7 месяцев"),
        ("2026-01-05", "2026-01-26", "month", "3 weeks", "3 недели"),
        ("2025-10-05", "2026-08-01", "year", "300 days", "300 дней"),
    ],
)
def test_how_long_the_time_before_is(start, end, grain, english, russian):
    """It stands inside a sentence, where `since Jan 2026` would break it."""
    assert EN.dates.duration(start, end, grain) == english
    assert RU.dates.duration(start, end, grain) == russian
    report = company()
    reading = report.metrics[ASKED]
    assert report.window
    assert reading.latest
    assert reading.latest.baseline
    latest = replace(reading.latest, start=end, baseline=replace(reading.latest.baseline, start=start))
    one = replace(
        report, metrics={ASKED: replace(reading, latest=latest)}, window=replace(report.window, grain=grain)
    )
    for words, length in ((EN, english), (RU, russian)):
        texts = [fact.text for fact in key(one, [], words) if fact.label == words.language("Change")]
        assert len(texts) == 1
        assert length in texts[0]


def test_each_word_is_explained_once_and_only_where_it_is_used():
    labels = [fact.label for fact in view(company()).key]
    assert len(labels) == len(set(labels))
    assert {"Usual range", "Change", "? inconclusive", "Can meet the target", "○"} <= set(labels)
    bare = {name: replace(each, latest=None, status=None) for name, each in company().metrics.items()}
    assert "Usual range" not in {fact.label for fact in view(replace(company(), metrics=bare)).key}


def test_a_trial_range_says_so():
    report = company()
    reading = report.metrics[ASKED]
    assert reading.latest
    trial = replace(reading, latest=replace(reading.latest, usual=Usual(0.7, 0.9, 0.8, trial=True)))
    shown = view(replace(report, metrics=report.metrics | {ASKED: trial}))
    row = next(row for group in shown.groups for row in group.rows if row.id == ASKED)
    assert "fewer than 12 periods" in next(fact.text for fact in row.judged if fact.label == "Usual range")


def of(report: Report, metric: str = ASKED) -> Row:
    """The row of a metric."""
    return next(row for group in view(report).groups for row in group.rows if row.id == metric)


def test_a_range_that_tells_little_is_not_printed_beside_the_value_and_is_explained():
    report = company()
    reading = report.metrics[ASKED]
    assert reading.latest
    wide = replace(reading, latest=replace(reading.latest, usual=Usual(0.2, 0.9, 0.6, wide=True)))
    report = replace(report, metrics=report.metrics | {ASKED: wide})
    assert of(report).usual == "too wide to tell"
    assert "20.0–90.0%" in next(fact.text for fact in of(report).judged if fact.label == "Usual range")
    for made in (terminal(report), markdown(report), page(report)):
        assert "too wide to tell" in made


def test_a_figure_that_covers_less_than_the_window_says_what_it_covers():
    report = led()
    starts = sorted(point.start for point in report.series if point.metric == ASKED)
    late = [
        replace(point, value=None, n=0) if point.metric == ASKED and point.start < starts[-3] else point
        for point in report.series
    ]
    short = replace(report, series=late)
    assert (of(report).span, of(short).span) == ("", "3 months")
    assert of(short).whole == of(report).whole == "84.0%"
    assert "3 months: 84.0%" in plain(terminal(short))
    assert "84.0% (3 months)" in plain(markdown(short))
    assert re.search(r"84\.0% 3 months", plain(page(short)))
    assert "3 months: 84.0%" not in plain(terminal(report))


def test_a_level_is_of_the_last_day_and_not_of_the_window():
    report = led()
    assert report.window
    level = replace(report.metrics[ASKED], cohort="stock")
    report = replace(report, metrics=report.metrics | {ASKED: level})
    last = EN.dates.span(of_day(report.window.end), report.window.end)
    assert of(report).span == last
    assert f"{last}: 84.0%" in plain(terminal(report))
    latest = level.latest
    assert latest
    same = replace(level, value=latest.value)
    assert not of(replace(report, metrics=report.metrics | {ASKED: same})).whole


def of_day(end: str) -> str:
    """The last day of a window that ends before this one."""
    return (date.fromisoformat(end) - timedelta(days=1)).isoformat()


def test_segments_have_the_whole_of_their_span_beside_them():
    report = led()
    cut = view(report).cuts[0]
    assert len(cut.anchors) == len(cut.tables[0].heads) - 2
    assert cut.tables[0].heads[-1] == "together"
    row = next(
        row for table in cut.tables for row in table.rows if row[0].text == report.metrics[ASKED].title
    )
    assert row[-1].text == "84.0%"
    assert "together" in terminal(report)
    assert "<tfoot>" in page(report)


def test_a_change_that_is_not_proven_is_no_line_of_a_chat_and_is_explained_elsewhere():
    report = company()
    reading = report.metrics[ASKED]
    assert reading.latest
    same = replace(reading, latest=replace(reading.latest, verdict=SAME, change=0.037))
    report = replace(report, metrics=report.metrics | {ASKED: same})
    assert "○ +3.7 pp" in terminal(report).replace(NARROW, " ")
    assert "○: not proven, may be chance" in plain(terminal(report))
    assert "≈" not in terminal(report) + markdown(report) + page(report)
    assert "3.7" not in slack(report, None)
