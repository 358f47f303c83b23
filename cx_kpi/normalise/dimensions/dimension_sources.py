"""Where the columns to cut and to ask by come from: a table's own, made by us, or the ticket that its rows name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config, Options
from cx_kpi.model.schema import MADE
from cx_kpi.normalise.dimensions.condition import parse_where
from cx_kpi.normalise.dimensions.made_dimensions import needs
from cx_kpi.normalise.dimensions.own_expressions import columns_read
from cx_kpi.normalise.vocabulary.rules import AS_NUMBER

LINK = "ticket_id"
USUAL = (("channel",),)  # the cut where none is asked for
OF_CONTACTS = frozenset({"experience", "complainant"})  # of a call, too, it is the ticket that tells


@dataclass(frozen=True, slots=True)
class Sources:
    """The columns that each table has of its own, and the settings that let us make more."""

    own: Mapping[str, frozenset[str]]
    config: Config

    def names(self, table: str) -> frozenset[str]:
        """Every column that the rows of a table can be cut and asked by."""
        found = {*self.own[table], *(name for name in MADE if self.made(table, name))}
        return frozenset(found | self.names("tickets") if self.linked(table) else found)

    @property
    def every(self) -> frozenset[str]:
        """The columns of all tables."""
        return frozenset[str]().union(*map(self.names, self.own))

    def readable(self, table: str) -> frozenset[str]:
        """The same, and the numbers in columns of words."""
        names = self.names(table)
        return names | {name + AS_NUMBER for name in names}

    def linked(self, table: str) -> bool:
        """Whether the rows of a table name the tickets there are."""
        return table != "tickets" and "tickets" in self.own and LINK in self.own.get(table, ())

    def made(self, table: str, name: str) -> tuple[str, ...] | None:
        """The fields a dimension is made of, those of customers with a dot; None where it is not."""
        own = needs(table, name, self.config)
        if own is None or not all(self._has(table, each) for each in own):
            return None
        return own

    def _has(self, table: str, need: str) -> bool:
        of, _, name = need.rpartition(".")
        return name in self.own.get(of or table, ())

    def behind(self, table: str, names: Iterable[str]) -> dict[str, set[str]]:
        """The fields to read of each table so that the rows of one have these columns."""
        found: dict[str, set[str]] = defaultdict(set)
        for spelt in names:
            name = spelt.removesuffix(AS_NUMBER)
            if name in self.own[table]:
                found[table].add(spelt)
            elif not self._through_ticket(table, name) and (own := self.made(table, name)):
                for need in own:
                    of, _, field = need.rpartition(".")
                    found[of or table].add(field)
            if self.linked(table) and name in self.names("tickets"):
                found[table].add(LINK)
                for other, fields in self.behind("tickets", [spelt]).items():
                    found[other] |= fields
        return found

    def _through_ticket(self, table: str, name: str) -> bool:
        """Whether a dimension comes from the ticket although rows could have it themselves."""
        return self.linked(table) and name in self.names("tickets") and from_ticket(table, name)


def from_ticket(table: str, name: str) -> bool:
    """Whether a column that rows lack is that of their ticket: of a call, its moment and its wait are its own."""
    return table != "calls" or name not in MADE or name in OF_CONTACTS


def asked_by(options: Options) -> frozenset[str]:
    """The columns that rows are cut and asked by, and those that metrics of the user's own read."""
    cuts = USUAL if options.by is None else options.by
    return condition_columns(options) | columns_read(options.config) | {name for cut in cuts for name in cut}


def condition_columns(options: Options) -> frozenset[str]:
    """The columns that the user's condition asks."""
    return parse_where(options.where).columns if options.where else frozenset()


def made_hint(name: str, config: Config) -> str:
    """What a dimension that we make lacks, where it is one."""
    if name not in MADE:
        return ""
    if name == "working_time" and not config.calendar:
        return "; it needs business hours: add a [[calendar]] to cxkpi.toml"
    fields = " and ".join(needs("tickets", name, config) or ())
    return f"; it is made of {fields}, which the files do not have"
