"""Which parts cannot be added: those of other settings or zones, and those that hold the same rows."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import pi, prod, sqrt

from cx_kpi.model.errors import InputProblem, UsageProblem
from cx_kpi.read.raw.binary import printable
from cx_kpi.store.parts.held.part_settings import SAME, differing
from cx_kpi.store.parts.held.summed import Account, Summed, SummedTable

CHANCE = 1e-6  # that two groups of different rows have as many of them on each day they share


def refuse(parts: Sequence[Summed]) -> None:
    """Raises `InputProblem` for the first two parts that cannot be added."""
    for one, other in combinations(parts, 2):
        _refuse_apart(one, other)
        _refuse_overlap(one, other)


def refuse_cuts(parts: Sequence[Summed], cuts: Sequence[tuple[str, ...]]) -> None:
    """Raises `UsageProblem` for a cut by which a part could have been made, and was not."""
    known = list(dict.fromkeys(cut for part in parts for cut in part.account.by))
    for cut in cuts:
        if cut not in known:
            have = "; they were cut by " + " and ".join(map(",".join, known)) if known else ""
            raise UsageProblem(
                f"--by {','.join(cut)}: no part was cut by that{have}; build them again with --by"
            )
        for part in parts:
            if cut not in part.account.by and any(
                set(cut) & {*table.fields} for table in part.account.tables.values()
            ):
                raise UsageProblem(
                    f"--by {','.join(cut)}: {printable(part.path)} was not cut by that; build it again with --by {','.join(cut)}"
                )


def _refuse_apart(one: Summed, other: Summed) -> None:
    """Parts of which the same words mean different things."""
    names, first, second = _names(one, other), one.account, other.account
    if first.timezone != second.timezone:
        raise InputProblem(
            f"{names}: days of {first.timezone} and of {second.timezone} do not add up; build them with the same --tz"
        )
    for name in differing([first.settings, second.settings], SAME):
        raise InputProblem(f"{names}: {name} differs in their settings; build them with the same cxkpi.toml")
    if first.metrics != second.metrics:
        raise InputProblem(f"{names}: made for different metrics; build them with the same --metrics")


def _refuse_overlap(one: Summed, other: Summed) -> None:
    """Parts that hold the same rows."""
    wheres = {one.account.where, other.account.where}
    if len(wheres) == 2 and None not in wheres:
        return  # of one file they may hold different rows
    files = {digest: name for name, digest in one.account.inputs if digest}
    for same in [files[digest] for _, digest in other.account.inputs if digest in files]:
        raise InputProblem(
            f"{_names(one, other)}: both hold {printable(same)}, whose rows would count twice; leave one of them out"
        )
    for table in _same_days(one.account, other.account):
        raise InputProblem(
            f"{_names(one, other)}: the same number of {table.replace('_', ' ')} on every day that both hold, so they "
            "hold the same rows, which would count twice; build them from exports that do not overlap"
        )


def _same_days(one: Account, other: Account) -> Iterator[str]:
    """The tables that have as many rows on every day, which cannot be chance."""
    for name in [each for each in one.tables if each in other.tables]:
        pairs = list(_pairs(one.tables[name], other.tables[name]))
        if (
            pairs
            and all(a == b for a, b in pairs)
            and prod(1 / max(1.0, sqrt(4 * pi * n)) for n, _ in pairs) < CHANCE
        ):
            yield name


def _pairs(one: SummedTable, other: SummedTable) -> Iterator[tuple[int, int]]:
    """How many rows came on each day that lies inside both spans."""
    first = max(one.first_day, other.first_day) + 1
    after = min(each.first_day + len(each.by_day) for each in (one, other)) - 1
    for day in range(first, after):
        yield one.by_day[day - one.first_day], other.by_day[day - other.first_day]


def _names(one: Summed, other: Summed) -> str:
    return f"{printable(one.path)} and {printable(other.path)}"
