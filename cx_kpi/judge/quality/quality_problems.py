"""The problems of the data: notices of reading, suspicions, and which metrics each affects."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cx_kpi.engine.guards.truncated_export import ONLY_SOLVED
from cx_kpi.engine.planning.plan import Plan
from cx_kpi.judge.quality.affected_metrics import Affected, columns
from cx_kpi.judge.quality.quality_effects import WHOLE_ROWS, WITHHELD, effect
from cx_kpi.judge.quality.suspicions import MESSAGES, Suspicion, suspicions
from cx_kpi.model.documents.quality import Problem, share
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Notice
from cx_kpi.model.schema import TABLES
from cx_kpi.model.values import Level
from cx_kpi.normalise.mapping.available import origins
from cx_kpi.normalise.tables.combine import Loaded
from cx_kpi.normalise.values.cell_shapes import shape_of
from cx_kpi.wording.language import Language


@dataclass(frozen=True, slots=True)
class Problems:
    """Which metrics each problem affects."""

    loaded: Mapping[str, Loaded]
    affected: Affected
    language: Language
    show_values: bool = False

    def told(self, notices: Sequence[Notice]) -> Iterator[Problem]:
        """The notices of reading and normalising; those of reading belong to a file."""
        for each in notices:
            yield self._problem(each, each.table)

    def suspected(self, now: datetime) -> Iterator[Problem]:
        """What is suspicious, table by table; dates after `now` are in the future."""
        for name, table in self.loaded.items():
            for each in suspicions(table, now):
                yield self._problem(self._notice(each, name), name)

    def withheld(self, plan: Plan) -> Iterator[Problem]:
        """An export that does not hold what some metrics need of the past."""
        metrics = [each.metric.id for each in plan.missing if each.why == ONLY_SOLVED]
        if metrics:
            yield Problem(
                level=Level.WARNING,
                code="truncated",
                message=self.language(ONLY_SOLVED),
                effect=self.language(WITHHELD),
                metrics=metrics,
                table="tickets",
            )

    def _notice(self, found: Suspicion, table: str) -> Notice:
        example = self._shown(found, table)
        values = {"field": found.field, "rows": found.rows, "all": found.all, "example": example}
        message = self.language(MESSAGES[found.code], **values)
        return Notice(found.level, found.code, message, table, found.field, found.rows, example)

    def _shown(self, found: Suspicion, table: str) -> str | None:
        """The example; of a cell that may be a name its shape alone, unless its text is asked for."""
        own = found.code != "constant" or found.field in TABLES[table].words
        if self.show_values or own or found.example is None:
            return found.example
        return shape_of(found.example)

    def _problem(self, told: Notice, table: str | None) -> Problem:
        said = effect(told.code, told.field)
        sources = self.loaded[table].sources if table and table in self.loaded else []
        rows = sum(each.rows for each in sources)
        return Problem(
            level=told.level,
            code=told.code,
            message=told.message,
            effect=self.language(said),
            metrics=self._moved(told, table) if said and table else [],
            whole=_is_whole(told),
            path=told.path,
            table=table,
            field=told.field,
            rows=told.rows,
            share=None if told.rows is None else share(told.rows, rows),
            example=told.example,
        )

    def _moved(self, told: Notice, table: str) -> list[str]:
        """The metrics that read what a notice is about: a field, a question, or whole rows."""
        if told.field is None or _is_whole(told):
            return self.affected.of_table(table)
        there = columns(self.loaded, table)
        named = told.field.split(", ")
        fields = {origin for name in named for origin in origins(table, name, there)}
        if not fields and table == "surveys":
            fields = {"score"}  # the field is the header of a question
        found = {metric for name in fields for metric in self.affected.of_field(table, name)}
        return [name for name in self.affected.reads if name in found]


def _is_whole(told: Notice) -> bool:
    return told.field is None or told.code in WHOLE_ROWS
