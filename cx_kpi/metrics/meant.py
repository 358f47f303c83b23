"""Which metrics somebody may mean who does not know the ids: by a usual abbreviation, or by words of the titles."""

import re
from collections.abc import Mapping

from cx_kpi.metrics.definition.metric import Metric

ABBREVIATIONS = {
    "frt": ("first_response_time",),
    "art": ("resolution_time",),
    "ttr": ("resolution_time",),
    "mttr": ("resolution_time",),
    "nrt": ("next_response_time",),
    "sla": ("first_response_within_target", "resolution_within_target", "call_service_level"),
    "sl": ("call_service_level",),
    "asa": ("call_wait_time",),
    "abr": ("call_abandon_rate",),
    "fcr": ("one_touch_rate", "repeat_contact_rate"),
    "rcr": ("repeat_contact_rate",),
    "crr": ("retention_rate",),
    "dsat": ("csat",),
    "cpc": ("cost_per_complaint",),
}
_MOST = 3


def meant(name: str, known: Mapping[str, Metric]) -> list[str]:
    """The ids of the metrics that the name may stand for, at most three; none where none is likely."""
    words = re.findall(r"[^\W_]{3,}", name.casefold())
    short = ABBREVIATIONS.get(name.casefold())
    if short or not words:
        return list(short or ())
    titles = {each.id: f"{each.id} {each.title}".casefold() for each in known.values()}
    return [metric for metric, title in titles.items() if all(word in title for word in words)][:_MOST]
