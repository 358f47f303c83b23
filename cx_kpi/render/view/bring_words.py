"""What to bring first: the files and columns that would add most of the metrics that were left out."""

from collections import Counter

from cx_kpi.model.report import Report
from cx_kpi.wording.units import Words

MOST = 3


def bring_first(report: Report, words: Words) -> str:
    """`49 metrics. Most would come with a file of surveys (15), the column is_complaint (5)`; nothing where none is."""
    left = {each.metric for each in report.left_out if not each.by and each.metric not in report.metrics}
    if not left:
        return ""
    count = words.numerals.decimal
    number = words.language.plural("{n} metric", "{n} metrics", len(left), n=count(len(left)))
    found = Counter(each.bring for each in report.left_out if each.bring and each.metric in left)
    first = ", ".join(f"{bring} ({count(n)})" for bring, n in found.most_common(MOST))
    if not first:
        return number
    return words.language("{number}. Most would come with {first}", number=number, first=first)
