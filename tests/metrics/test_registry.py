"""The registry holds the catalogue: ids, units and directions are a contract, every metric is explained."""

import pytest
from metric_examples import FILES, KEYS

from cx_kpi.engine.planning.plan import FACTS, FROM_THE_CLOCK
from cx_kpi.metrics.registry import GROUPS, METRICS, PUBLIC
from cx_kpi.model.schema import TABLES
from cx_kpi.model.values import Better, Target, Unit
from cx_kpi.normalise.vocabulary.derived import PAUSED


def of(metrics):
    """One test of all these metrics: to hand a test over takes longer than to ask this of a metric."""

    def decorated(test):
        def of_each():
            for metric in metrics.values():
                test(metric)

        return of_each

    return decorated


every, public = of(METRICS), of(PUBLIC)


def test_the_catalogue_is_whole():
    assert set(PUBLIC) == set(FILES)
    assert {name for name in METRICS if name not in PUBLIC} == {
        other.metric for metric in METRICS.values() for other in metric.companions
    } - set(PUBLIC)


@public
def test_unit_direction_and_target(metric):
    stated = FILES[metric.id]
    assert (metric.unit, metric.better) == (Unit(stated["unit"]), Better(stated["better"]))
    target = stated.get("target", "").split()
    assert metric.target == (Target(target[0], float(target[1])) if target else None)


@public
def test_words(metric):
    assert metric.title
    assert metric.about.endswith(".")
    assert len(metric.formula) > 10
    assert not metric.formula.endswith(".")
    texts = (metric.title, metric.about, metric.formula)
    assert [" ".join(text.split()) for text in texts] == list(texts)
    assert len({other.title for other in PUBLIC.values()}) == len(PUBLIC)


@public
def test_has_a_worked_example(metric):
    stated = FILES[metric.id]
    assert stated["example"]
    assert stated.keys() <= KEYS
    assert stated.keys() >= KEYS - {"target"}


@every
def test_columns_exist(metric):
    for method in metric.methods:
        table = method.clock.table
        for name in (
            method.aggregation.columns
            | {method.clock.at}
            | ({method.clock.until} if method.clock.until else set())
        ):
            assert name in FROM_THE_CLOCK or _known(table, name), name


def _known(table, name):
    if table == "activity":
        return name in {"customer_id", "started_at", "ended_at"}
    return name in TABLES[table].fields or name in {"is_solved", PAUSED} or name in FACTS[table]


def exclusions(method):
    """The columns in the reasons why a row does not count."""
    contribution = method.aggregation.contribution
    return {
        name
        for out in (*method.exclusions, *(contribution.exclusions if contribution else ()))
        for name in out.where.meta.root_names()
    }


@pytest.mark.parametrize("table", TABLES)
def test_facts_build_on_what_exists_and_somebody_reads_them(table):
    facts = FACTS[table]
    read = {
        column
        for metric in METRICS.values()
        for method in metric.methods
        if method.clock.table == table
        for column in (
            *method.aggregation.columns,
            method.clock.at,
            method.clock.until,
            *exclusions(method),
        )
    }
    for fact in facts.values():
        for need in (*fact.needs, *fact.optional):
            for name in need if isinstance(need, tuple) else (need,):
                at, _, column = name.rpartition(".")
                assert _known(at or table, column), name
                read.add(column)
    assert set(facts) <= read
    assert not set(facts) & set(TABLES[table].fields)


@every
def test_refers_to_what_exists(metric):
    assert metric.id == next(name for name, each in METRICS.items() if each is metric)
    assert metric.internal or metric.group in GROUPS
    assert {other.metric for other in metric.companions} <= set(METRICS)
    assert metric.not_by <= {name for table in TABLES.values() for name in table.fields}
    assert metric.methods
    names = [method.name for method in metric.methods]
    assert metric.internal or len(set(names)) == len(names)


@every
def test_a_target_goes_the_way_of_the_metric(metric):
    if metric.target:
        assert (metric.target.operator == ">=") == (metric.better is Better.HIGHER)


def test_every_group_has_metrics():
    assert {metric.group for metric in PUBLIC.values()} == set(GROUPS)
