"""Two exports in which the same ids stand for different tickets, as those of two help desks do."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import PurePath

from cx_kpi.normalise.tables.file_rows import Part
from cx_kpi.normalise.values.coerce import Oddity

MOST = 0.5  # of the shared ids; fewer may be mended dates


def id_collisions(parts: Sequence[Part]) -> Iterator[Oddity]:
    """Pairs of files most of whose shared ids were created at different moments, and how many those are."""
    for one, other in combinations(parts, 2):
        pair = [each.frame.select("ticket_id", "created_at").drop_nulls() for each in (one, other)]
        shared = pair[0].join(pair[1].unique("ticket_id"), on="ticket_id")
        differ = int((shared["created_at"] != shared["created_at_right"]).sum())
        if differ > MOST * shared.height:
            names = [PurePath(each.plan.mapped.source.path).name for each in (one, other)]
            yield Oddity("other_tickets", "ticket_id", differ, ", ".join(names))
