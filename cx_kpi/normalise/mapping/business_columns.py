"""Lengths of time that count business hours only: another thing than the time that passed, so no figure is made of them."""

from collections.abc import Iterator

from cx_kpi.normalise.mapping.matching import LENGTHS, Match
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.vocabulary.headers import counts_business_hours, squash
from cx_kpi.read.raw.source import TextFrame


def business_alone(frame: TextFrame, found: Match) -> Iterator[tuple[str, str]]:
    """Each wait that such a column alone tells, and that column."""
    used = {rule.header for rule in found.fields.values()}
    headers = [each for each in frame.headers if each not in used and counts_business_hours(each)]
    if found.table != "tickets" or not headers:
        return
    for length, stamp in LENGTHS.items():
        known = [squash(word) for word in generic().tables["tickets"][length]]
        named = (each for each in headers if any(word in squash(each) for word in known))
        if found.fields.keys().isdisjoint((length, stamp)) and (header := next(named, None)):
            yield length, header
