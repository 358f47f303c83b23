"""The figures of the full report on a file of tickets, in pandas; prints them as JSON (see `figures.py`)."""

import json
import sys
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
from pandas_cells import NEVER, WAITS_FOR, Found, cell, put, read, rolled, share

DAY = 86_400
TARGETS = {"phone": 240, "chat": 120, "email": DAY, "web": DAY, "social": 3600}
BANDS = {"under 1 day": 0, "1–3 days": 1, "3–7 days": 3, "7–30 days": 7, "over 30 days": 30}


def by_creation(found: Found, t: pd.DataFrame) -> None:
    """What adds up by the date created."""
    target = t["channel"].map(TARGETS).astype("float64")
    waiting, unsolved = t["wait"].isna() & ~t["finished"], t["work"].isna() & ~t["finished"]
    late, stuck, complaint = waiting & (t["age"] > target), unsolved & (t["age"] > DAY), t["complaint"]
    reopened, timely = t["reopen_count"] > 0, t["work"] <= DAY
    s = rolled(
        pd.DataFrame(
            {
                "month": t["month"],
                "channel": t["channel"],
                "n": 1,
                "answered": t["wait"].notna(),
                "waited": t["wait"],
                "waiting": waiting,
                "prompt": t["wait"] <= target,
                "late": late,
                "solved": t["work"].notna(),
                "timely": timely,
                "unsolved": unsolved,
                "stuck": stuck,
                "once": t["finished"] | reopened,
                "reopened": reopened,
                "levels": t["escalation_level"].notna(),
                "escalated": t["escalation_level"] >= 1,
                "complaints": complaint,
                "complaints_solved": complaint & t["work"].notna(),
                "complaints_finished": complaint & t["finished"],
                "complaints_timely": complaint & timely,
                "complaints_unsolved": complaint & unsolved,
                "complaints_stuck": complaint & stuck,
            }
        )
    )
    put(found, "tickets_created", value=s["n"], n=s["n"])
    wait = s["waited"] / s["answered"]
    put(found, "first_response_time", value=wait, n=s["answered"], pending=s["waiting"])
    of, pending = s["answered"] + s["late"], s["waiting"] - s["late"]
    share(found, "first_response_within_target", s["prompt"], of, overdue=s["late"], pending=pending)
    of, pending = s["solved"] + s["stuck"], s["unsolved"] - s["stuck"]
    share(found, "resolution_within_target", s["timely"], of, overdue=s["stuck"], pending=pending)
    put(found, "resolution_time", pending=s["unsolved"])
    share(found, "reopen_rate", s["reopened"], s["once"])
    share(found, "escalation_rate", s["escalated"], s["levels"])
    complaints, stuck = s["complaints"], s["complaints_stuck"]
    put(found, "complaints", value=complaints, n=complaints, share_of_tickets=complaints / s["n"])
    put(found, "complaint_density", value=100 * complaints / s["n"], n=s["n"], complaints=complaints)
    of, pending = s["complaints_solved"] + stuck, s["complaints_unsolved"] - stuck
    share(found, "complaint_within_target", s["complaints_timely"], of, overdue=stuck, pending=pending)
    put(found, "complaint_processing_time", pending=s["complaints_unsolved"])
    share(found, "complaint_resolution_rate", s["complaints_finished"], complaints)


def by_solution(found: Found, t: pd.DataFrame, contacts: pd.DataFrame, as_of: pd.Timestamp) -> None:
    """What adds up by the date solved."""
    complaint, known = t["complaint"], t["reply_count"].notna()
    over = (t["solved"] <= as_of - pd.Timedelta(days=7)) & (t["customer"] >= 0)
    levels = complaint & t["escalation_level"].notna()
    s = rolled(
        pd.DataFrame(
            {
                "month": t["solved_month"],
                "channel": t["channel"],
                "n": 1,
                "worked": t["work"],
                "replied": known,
                "touched": (t["reply_count"] == 1) & ~(t["reopen_count"] > 0),
                "over": over,
                "repeated": over & followed(t, contacts),
                "complaints": complaint,
                "complained": t["work"].where(complaint),
                "levels": levels,
                "unmanaged": levels & (t["escalation_level"] < 2),
            }
        )
    )
    put(found, "tickets_solved", value=s["n"], n=s["n"])
    put(found, "resolution_time", value=s["worked"] / s["n"], n=s["n"])
    share(found, "one_touch_rate", s["touched"], s["replied"])
    share(found, "repeat_contact_rate", s["repeated"], s["over"])
    processing = s["complained"] / s["complaints"]
    put(found, "complaint_processing_time", value=processing, n=s["complaints"])
    share(found, "complaints_without_management", s["unmanaged"], s["levels"])


def followed(solved: pd.DataFrame, contacts: pd.DataFrame) -> pd.Series:
    """Whether the customer came back on the same issue within 7 days of the solution."""
    left = solved.loc[solved["issue"] >= 0, ["issue", "solved"]].sort_values("solved")
    later = pd.merge_asof(
        left.reset_index(names="row"),
        contacts,
        left_on="solved",
        right_on="created",
        by="issue",
        direction="forward",
        allow_exact_matches=False,
        tolerance=pd.Timedelta(days=7),
    )
    rows = later.loc[later["created"].notna(), "row"]
    return pd.Series(solved.index.isin(rows), index=solved.index)


def quantiles(found: Found, metric: str, values: pd.Series, months: pd.Series, channels: pd.Series) -> None:
    """Median and 90th percentile of durations."""
    cuts = [values.groupby(by, observed=True) for by in (months, channels)]
    for name, q in (("median", 0.5), ("p90", 0.9)):
        put(found, metric, **{name: pd.Series({"overall": values.quantile(q)})})
        for cut in cuts:
            put(found, metric, **{name: cut.quantile(q).rename(cell)})


def kaplan_meier(duration: np.ndarray, done: np.ndarray) -> float | None:
    """The first duration at which the share still unfinished falls to one half."""
    order = np.lexsort((~done, duration))
    events, left = done[order], len(duration) - np.arange(len(duration))
    reached = np.cumprod(1 - events / left) <= 0.5 + 1e-12
    return float(duration[order][reached.argmax()]) if reached.any() else None


def survival(found: Found, metric: str, t: pd.DataFrame, duration: str, cuts: list[str]) -> None:
    """Censor-aware medians, overall and by each of the cuts."""
    lives = t[t[duration].notna() | ~t["finished"]]
    seconds, done = lives[duration].fillna(lives["age"]).to_numpy(), lives[duration].notna().to_numpy()
    found[metric]["overall"]["censored_median"] = kaplan_meier(seconds, done)
    for cut in cuts:
        for key, rows in lives.groupby(cut, observed=True).indices.items():
            found[metric][cell(key)]["censored_median"] = kaplan_meier(seconds[rows], done[rows])


def backlog(found: Found, t: pd.DataFrame, as_of: pd.Timestamp) -> None:
    """What was open at the end of each month and of the window."""
    limit = t["work"].mean()
    first, last = t["created"].min().to_period("M"), as_of.to_period("M")
    for period in pd.period_range(first, last, freq="M"):
        edge = (period + 1).to_timestamp()
        rows = (t["created"] < edge) & ~(t["solved"] < edge)
        ages = (min(edge, as_of) - t.loc[rows, "created"]).dt.total_seconds()
        _stock(found, str(period.to_timestamp().date()), ages, limit)
    _stock(found, "overall", ages, limit)
    for channel, part in ages.groupby(t.loc[rows, "channel"], observed=True):
        _stock(found, str(channel), part, limit)


def _stock(found: Found, key: str, ages: pd.Series, limit: float) -> None:
    n, overdue = len(ages), int((ages > limit).sum())
    bands = pd.cut(ages, [DAY * days for days in BANDS.values()] + [np.inf], right=False, labels=list(BANDS))
    aged = {f"bands.{name}": int(k) for name, k in bands.value_counts().items()}
    median, p90 = ages.quantile([0.5, 0.9])
    found["backlog"][key] = {"value": n, "n": n}
    found["backlog_overdue"][key] = {"value": overdue, "n": overdue, "limit_seconds": limit}
    found["backlog_overdue"][key]["share_of_backlog"] = overdue / n if n else None
    found["backlog_age"][key] = {"value": median, "n": n, "p90": p90, "maximum": ages.max(), **aged}


def causes(found: Found, t: pd.DataFrame, as_of: pd.Timestamp) -> None:
    """Whom open tickets wait for at the end of the window; what came and what went."""
    left = t[t["solved"].isna()]
    cuts = {"overall": (left, t), as_of.strftime("%Y-%m-01"): (left, t)}
    cuts |= {
        str(name): (left[left["channel"] == name], t[t["channel"] == name])
        for name in t["channel"].cat.categories
    }
    for key, (rows, every) in cuts.items():
        counted = rows["waits_for"].value_counts()
        table = {who: int(counted.get(who, 0)) for who in dict.fromkeys(WAITS_FOR.values())}
        n, hits = sum(table.values()), table["us"]
        moved = {"inflow": len(every), "outflow": int(every["solved"].notna().sum())}
        found["backlog_causes"][key] = {
            "value": hits / n if n else None,
            "n": n,
            "hits": hits,
            "table": table,
            **moved,
        }


def repeated_complaints(found: Found, t: pd.DataFrame) -> None:
    """Complaints whose customer complained about the same in the 90 days before."""
    span = pd.Timedelta(days=90)
    c = t[t["complaint"]].sort_values("created", kind="stable")
    known = (c["created"] >= t["created"].min() + span) & (c["customer"] >= 0)
    issue = c["category"].astype("object").fillna(c["product"].astype("object"))
    before = c.groupby([c["customer"], issue], observed=True)["created"].shift()
    again = (c["created"] - before <= span) & known
    parts = {"month": c["month"], "channel": c["channel"], "known": known, "again": again}
    s = rolled(pd.DataFrame(parts))
    share(found, "complaint_repeat_rate", s["again"], s["known"])


def customers(found: Found, t: pd.DataFrame) -> None:
    """Contacts per customer, and the channel that most use most; a customer's ties go to the latest."""
    known = t[t["customer"] >= 0]
    keys = ["month", "customer", "channel"]
    used = known.groupby(keys, observed=True, sort=False)["created"].agg(["size", "max"]).reset_index()
    whole = used.groupby(keys[1:], observed=True, sort=False).agg({"size": "sum", "max": "max"}).reset_index()
    whole["month"] = NEVER
    for part in (used, whole):
        best = part.sort_values(["size", "max", "channel"]).drop_duplicates(keys[:2], keep="last")
        contacts = part.groupby("month")["size"].sum()
        for key, wins in best.groupby("month")["channel"]:
            name = "overall" if key == NEVER else cell(key)
            _favourite(found["preferred_channel"][name], wins)
            _index(found, name, int(contacts[key]), len(wins))
        for key, each in part.groupby(["month", "customer"])["size"].sum().groupby("month"):
            _concentration(found, "overall" if key == NEVER else cell(key), each)
    for channel, part in whole.groupby("channel", observed=True)["size"]:
        _index(found, str(channel), int(part.sum()), len(part))
        _concentration(found, str(channel), part)
    most = known["customer"].value_counts().nlargest(10, keep="all")
    named = sorted((-n, t.attrs["names"][customer]) for customer, n in most.items())[:10]
    found["customer_concentration"]["overall"]["table"] = {name: -n for n, name in named}


def _favourite(cell: dict[str, Any], wins: pd.Series) -> None:
    n = wins.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    cell |= {"value": n.index[0], "n": len(wins), "share": n.iloc[0] / len(wins), "table": n.to_dict()}


def _index(found: Found, name: str, n: int, keys: int) -> None:
    found["contacts_per_customer"][name] = {"value": n / keys, "n": n, "distinct": keys}


def _concentration(found: Found, name: str, contacts: pd.Series) -> None:
    n = int(contacts.sum())
    hits = int(contacts.nlargest(10).sum())
    found["customer_concentration"][name] = {"value": hits / n, "n": n, "distinct": len(contacts)}


def shares(found: Found, metric: str, t: pd.DataFrame, of: str, cuts: list[str]) -> None:
    """How rows spread over the values of a column, overall and by each of the cuts."""
    counted = [(["overall"], t[of].value_counts().to_frame().T)]
    for cut in cuts:
        table = pd.crosstab(t[cut], t[of])
        counted.append((list(table.index), table))
    for names, table in counted:
        for name, (_, row) in zip(names, table.iterrows(), strict=True):
            n = row.sort_index().sort_values(ascending=False, kind="stable")
            value = n.iloc[0] / n.sum()
            found[metric][cell(name)] = {
                "value": value,
                "n": n.sum(),
                "top": n.index[0],
                "table": n.to_dict(),
            }


def figures(path: str) -> Found:
    """All of them."""
    t, as_of = read(path)
    found: Found = defaultdict(lambda: defaultdict(dict))
    solved, complaints = t[t["solved"].notna()], t[t["complaint"]]
    contacts = t.loc[t["issue"] >= 0, ["issue", "created"]].sort_values("created")
    by_creation(found, t)
    by_solution(found, solved, contacts, as_of)
    quantiles(found, "first_response_time", t["wait"], t["month"], t["channel"])
    quantiles(found, "resolution_time", solved["work"], solved["solved_month"], solved["channel"])
    angry = solved[solved["complaint"]]
    quantiles(found, "complaint_processing_time", angry["work"], angry["solved_month"], angry["channel"])
    survival(found, "first_response_time", t, "wait", ["month", "channel"])
    survival(found, "resolution_time", t, "work", ["channel"])
    survival(found, "complaint_processing_time", complaints, "work", ["channel"])
    backlog(found, t, as_of)
    repeated_complaints(found, t)
    customers(found, t)
    causes(found, t, as_of)
    shares(found, "channel_share", t, "channel", ["month"])
    found["complaint_density"]["overall"]["table"] = found["channel_share"]["overall"]["table"]
    shares(found, "complaints_by_product", complaints, "product", ["month", "channel"])
    return found


def plain(value: Any) -> Any:
    """NumPy's numbers as Python's."""
    return value.item()


if __name__ == "__main__":
    json.dump(figures(sys.argv[1]), sys.stdout, default=plain)
