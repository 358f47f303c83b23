"""The targets as JUnit XML, so that CI shows a missed one as a failed test; judged readings and segments alone."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Reading, Report, Segment
from cx_kpi.model.values import Status, Unit
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.files.readings import segment_name
from cx_kpi.wording.units import Words, words_of


@dataclass(frozen=True, slots=True)
class _Case:
    group: str
    name: str
    said: str
    status: Status


def render(report: Report) -> str:
    """A suite for each group of metrics, a case for each target: missed is failed, no data is skipped."""
    report = cleaned(report)
    words = words_of(report)
    cases = [*_readings(report, words), *_segments(report, words)]
    root = ET.Element("testsuites", _counts(cases) | {"name": "cxkpi"})
    for group, title in report.groups.items():
        mine = [case for case in cases if case.group == group]
        if mine:
            suite = ET.SubElement(root, "testsuite", {"name": title} | _counts(mine))
            if report.as_of:
                suite.set("timestamp", report.as_of)
            for case in mine:
                _add(suite, case, words)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(cases: list[_Case]) -> dict[str, str]:
    failed = sum(case.status is Status.MISSED for case in cases)
    skipped = sum(case.status is Status.NO_DATA for case in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(failed),
        "errors": "0",
        "skipped": str(skipped),
        "time": "0",
    }


def _add(suite: ET.Element, case: _Case, words: Words) -> None:
    known = {"classname": f"cxkpi.{case.group}", "name": case.name, "time": "0"}
    element = ET.SubElement(suite, "testcase", known)
    if case.status is Status.MISSED:
        said = f"{words.language(labels.STATUS[case.status])}: {case.said}"
        ET.SubElement(element, "failure", {"message": said, "type": "target"}).text = said
    elif case.status is Status.NO_DATA:
        ET.SubElement(element, "skipped", {"message": words.language(labels.STATUS[case.status])})
    else:
        ET.SubElement(element, "system-out").text = case.said


def _readings(report: Report, words: Words) -> Iterator[_Case]:
    for reading in report.metrics.values():
        if reading.status:
            yield _Case(reading.group, reading.title, _said(reading, reading.unit, words), reading.status)


def _segments(report: Report, words: Words) -> Iterator[_Case]:
    for segment in report.segments:
        reading = report.metrics.get(segment.metric)
        if segment.status and reading:
            name = f"{reading.title} [{segment_name(segment.by)}]"
            yield _Case(reading.group, name, _said(segment, reading.unit, words), segment.status)


def _said(judged: Reading | Segment, unit: Unit, words: Words) -> str:
    """`86.0%, target ≥ 90%, n 4,688`."""
    goal = words.target(judged.target, unit)
    target = f"{words.language('Target')} {goal}" if goal else ""
    parts = [words.value(judged.value, unit), target, f"n {words.numerals.decimal(judged.n)}"]
    return ", ".join(filter(None, parts))
