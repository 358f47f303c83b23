"""What a report of parts says of them: their own notices added up, and what does not quite add up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cx_kpi.engine.planning.plan import Job, facts_behind
from cx_kpi.engine.planning.together import together
from cx_kpi.engine.results import Results
from cx_kpi.judge.sentences.unavailable import is_asked
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.vocabulary.notices import again, notice
from cx_kpi.store.parts.held.part_settings import OWN, differing
from cx_kpi.store.parts.held.summed import Summed
from cx_kpi.store.parts.merge.part_plan import Chosen
from cx_kpi.wording.language import Language


def notices_of(
    parts: Sequence[Summed], made: Chosen, apart: Iterable[Metric], options: Options
) -> Iterator[Notice]:
    """Every notice on the parts, in the language of the report."""
    language = Language(options.language)
    accounts = [part.account for part in parts]
    yield from _of_files(parts, language)
    told: tuple[tuple[str, Iterable[str]], ...] = (
        ("parts_apart", (language(each.title) for each in apart)),
        ("parts_settings", differing([each.settings for each in accounts], OWN)),
        ("parts_scales", _scales(parts)),
        ("parts_otherwise", (language(each.title) for each in made.otherwise)),
    )
    for code, names in told:
        known = list(dict.fromkeys(filter(None, names)))
        if known:
            yield notice(code, language, example=", ".join(known))
    yield from _of_ends(parts, language)


def _of_ends(parts: Sequence[Summed], language: Language) -> Iterator[Notice]:
    """What is not known at the end, and in small segments."""
    if len({part.account.over for part in parts}) > 1 and any(part.account.stock for part in parts):
        yield notice("parts_moments", language)
    if few := sum(part.account.withheld for part in parts):
        yield notice("parts_few", language, rows=few)


def apart_of(parts: Sequence[Summed], made: Chosen, results: Results, options: Options) -> Iterator[Metric]:
    """The metrics that are counted within each part."""
    alike = len({(part.account.begin, part.account.over) for part in parts}) == 1
    shared = set[str]() if any(_scales(parts)) else {"scores"}
    there = {job.metric.id for job in results.plan.jobs}
    for job, _ in made.jobs.values() if len(parts) > 1 else ():
        shown = is_asked(job.metric, options) and not job.aside and job.metric.id in there
        if shown and _is_apart(job, shared, alike=alike):
            yield job.metric


def by_own_settings(parts: Sequence[Summed], results: Results) -> Iterator[Metric]:
    """The metrics that read settings in which parts differ."""
    other = {*differing([part.account.settings for part in parts], OWN)}
    for job in results.plan.jobs:
        read = {key.partition(".")[0] for fact in facts_behind(job).values() for key in fact.reads}
        if other & read:
            yield job.metric


def _is_apart(job: Job, shared: set[str], *, alike: bool) -> bool:
    """Whether rows of other parts could change what a row counts as; or parts of other spans what is older than they are.

    What is `shared` is known of all parts alike.
    """
    knows = {name for fact in facts_behind(job).values() for name in fact.knows} - shared
    clock = job.method.clock
    table = TABLES.get(clock.table)
    older = clock.opening or (table is not None and not table.spans_report)
    return bool(together(job) or knows or (older and not alike))


def _scales(parts: Sequence[Summed]) -> Iterator[str]:
    """The scales of each kind of answer that is on different ones in different parts."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for part in parts:
        kinds: dict[str, list[str]] = {}
        for each in part.account.scales:
            kinds.setdefault(each.split()[0], []).append(each)
        for kind, scales in kinds.items():
            found.setdefault(kind, set()).add(tuple(sorted(scales)))
    for every in found.values():
        if len(every) > 1:
            yield from sorted({each for scales in every for each in scales})


def _of_files(parts: Sequence[Summed], language: Language) -> Iterator[Notice]:
    """The notices on the exports, those of one kind as one."""
    found: dict[tuple[str, str | None, str | None], Notice] = {}
    for part in parts:
        for each in part.account.notices:
            key = (each.code, each.table, each.field)
            met = found.get(key)
            rows = (met.rows or 0) + (each.rows or 0) if met else each.rows
            found[key] = replace(met or each, rows=rows or None)
    for each in found.values():
        yield again(each, language)
