"""Tiny exports as the help desks write them, one for each preset: headers, dates, units and oddities."""

import csv
import io
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .cases import NOW, Case, cases, minutes
from .hours import open_seconds

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("presets.toml").read_text(encoding="utf-8"))
_WORDS: dict[str, dict[str, dict[str, str]]] = _DATA["words"]
_ROWS = 24


def write_presets(folder: Path) -> None:
    """Write one file for each preset."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (cells, encoding, separator, newline) in _EXPORTS.items():
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, lineterminator=newline)
        writer.writerow(_DATA[name])
        writer.writerows(_line(_DATA[name], cells(case)) for case in cases(name, _ROWS))
        (folder / f"{name}.csv").write_bytes(text.getvalue().encode(encoding))


def _line(header: list[str], cells: dict[str, Any]) -> list[Any]:
    """The cells under their headers; the items of a list under the headers of the same name, in turn."""
    unknown = cells.keys() - set(header)
    assert not unknown, unknown
    turns = {name: iter(cell) for name, cell in cells.items() if isinstance(cell, list)}
    return [next(turns[name], "") if name in turns else cells.get(name) for name in header]


def _word(preset: str, what: str, word: object) -> str:
    return _WORDS[preset][what][str(word)]


def _zendesk(case: Case) -> dict[str, Any]:
    reply, full = minutes(case.created, case.answered), minutes(case.created, case.solved)
    email = f"user{case.customer}@example.com"
    offered = "Offered" if case.asked else "Not Offered"
    return {
        "Summation column": 1,
        "Id": 4400 + case.number,
        "Requester": f"Customer {case.customer}",
        "Requester id": 360_000_000_000 + case.customer,
        "Requester email": email,
        "Requester domain": "example.com",
        "Submitter": f"Customer {case.customer}",
        "Assignee": case.agent,
        "Group": case.team,
        "Subject": case.subject,
        "Tags": " ".join(case.tags),
        "Status": _word("zendesk", "status", case.status),
        "Priority": _word("zendesk", "priority", case.priority),
        "Via": _word("zendesk", "channel", case.channel),
        "Ticket type": _word("zendesk", "type", case.type),
        "Created at": case.created,
        "Updated at": case.updated,
        "Assigned at": case.created,
        "Initially assigned at": case.created,
        "Solved at": case.solved,
        "Resolution time": None if full is None else full // 60,
        "Satisfaction Score": _word("zendesk", "mark", case.mark) if case.mark else offered,
        "Group stations": 1,
        "Assignee stations": 1 + case.reopens,
        "Reopens": case.reopens,
        "Replies": case.replies,
        "First reply time in minutes": reply,
        "First reply time in minutes within business hours": _business(case.created, case.answered),
        "First resolution time in minutes": full,
        "First resolution time in minutes within business hours": _business(case.created, case.solved),
        "Full resolution time in minutes": full,
        "Full resolution time in minutes within business hours": _business(case.created, case.solved),
        "Requester wait time in minutes": full,
        "Agent wait time in minutes": 0,
        "On hold time in minutes": 0,
        "Product [list]": case.product,
    }


def _business(start: datetime, end: datetime | None) -> int | None:
    return int(open_seconds(start, end) // 60) if end else None


def _freshdesk(case: Case) -> dict[str, Any]:
    late = case.solved is not None and case.solved - case.created > timedelta(hours=24)
    return {
        "Ticket ID": 800 + case.number,
        "Subject": case.subject,
        "Description": case.text,
        "Status": _word("freshdesk", "status", case.status),
        "Priority": _word("freshdesk", "priority", case.priority),
        "Source": _word("freshdesk", "channel", case.channel),
        "Type": _word("freshdesk", "type", case.type),
        "Agent": case.agent,
        "Group": case.team,
        "Created time": case.created,
        "Due by Time": case.created + timedelta(hours=24),
        "Resolved time": case.solved,
        "Closed time": case.solved if case.status == "closed" else None,
        "Last update time": case.updated,
        "Initial response time": case.answered,
        "Time tracked": _clock(timedelta(minutes=6 * case.replies)),
        "First response time (in hrs)": _desk_clock(case.created, case.answered),
        "Resolution time (in hrs)": _desk_clock(case.created, case.solved),
        "Agent interactions": case.replies,
        "Customer interactions": max(case.replies - 1, 0),
        "Resolution status": "SLA Violated" if late else "Within SLA",
        "First response status": "Within SLA",
        "Tags": ",".join(case.tags),
        "Survey results": _word("freshdesk", "mark", case.mark) if case.mark else "",
        "Product": case.product,
        "Full name": f"Customer {case.customer}",
        "Email": f"user{case.customer}@example.com",
        "Contact ID": 43_000_000 + case.customer,
    }


def _clock(length: timedelta) -> str:
    minutes_, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes_ // 60:02}:{minutes_ % 60:02}:{seconds:02}"


def _desk_clock(start: datetime, end: datetime | None) -> str:
    return _clock(timedelta(seconds=open_seconds(start, end))) if end else ""


def _intercom(case: Case) -> dict[str, Any]:
    zone = "(America/New_York)"
    return {
        "Conversation ID": 215_470_000 + case.number,
        f"Conversation started at {zone}": case.created,
        f"Conversation created at {zone}": case.created,
        f"Conversation updated at {zone}": case.updated,
        f"Ticket created {zone}": case.created,
        f"Ticket last resolved {zone}": case.solved,
        "Channel": _word("intercom", "channel", case.channel),
        "Started by": "User",
        "Current conversation state": _word("intercom", "status", case.status),
        "Conversation rating": case.mark,
        "Conversation rating remark": "Thank you,\nall is well" if case.mark == 5 else "",
        "Resolved by": case.agent if case.solved else "",
        "Ticket title": case.subject,
        "Ticket type": case.type.title(),
        "User participant IDs": f"u-{case.customer}",
        "User participant names": f"Customer {case.customer}",
        "User name": f"Customer {case.customer}",
        "Teammate currently assigned": case.agent,
        "Team currently assigned": case.team,
        "Ticket time to resolve (seconds)": _seconds(case.created, case.solved),
        "First response time (seconds)": _seconds(case.created, case.answered),
        "AI Topic": case.category,
        "Fin AI Agent involved": "true" if case.channel == "chat" else "false",
        "Fin AI Agent deflected": "false",
    }


def _seconds(start: datetime, end: datetime | None) -> int | None:
    return int((end - start).total_seconds()) if end else None


def _jira(case: Case) -> dict[str, Any]:
    who = f"Customer {case.customer}", f"qm:customer-{case.customer}"
    said = [f"{_jira_date(moment)};{author};{_ANSWER}" for moment, author in _talk(case)]
    logged = f"{_jira_date(case.answered)};{_account(case)};{300 * case.replies}" if case.answered else ""
    return {
        "Summary": case.subject,
        "Issue key": f"HELP-{case.number}",
        "Issue id": 10_000 + case.number,
        "Issue Type": "Service Request",
        "Status": _word("jira", "status", case.status),
        "Project key": "HELP",
        "Project name": "Help desk",
        "Project type": "service_desk",
        "Project lead": "Agent 01",
        "Project lead id": "agent-01",
        "Priority": _word("jira", "priority", case.priority),
        "Resolution": "Done" if case.solved else "",
        "Assignee": case.agent,
        "Assignee Id": _account(case),
        "Reporter": who[0],
        "Reporter Id": who[1],
        "Creator": who[0],
        "Creator Id": who[1],
        "Created": _jira_date(case.created),
        "Updated": _jira_date(case.updated),
        "Last Viewed": _jira_date(NOW),
        "Resolved": _jira_date(case.solved),
        "Component/s": case.product,
        "Votes": 0,
        "Labels": case.tags,
        "Description": case.text,
        "Watchers": [case.agent, who[0]],
        "Watchers Id": [_account(case), who[1]],
        "Log Work": [logged],
        "Time Spent": 300 * case.replies or None,
        "Custom field ([CHART] Date of First Response)": f"{case.answered}.154" if case.answered else "",
        "Custom field (Request Type)": _word("jira", "type", case.type),
        "Custom field (Request channel type)": _word("jira", "channel", case.channel),
        "Custom field (Time to first response)": "2:18" if case.answered else "",
        "Custom field (Time to resolution)": "22:17" if case.solved else "-3:05",
        "Satisfaction rating": case.mark,
        "Custom field (Satisfaction date)": _jira_date(case.solved) if case.mark else "",
        "Comment": said,
        "Status Category": _word("jira", "category", case.status),
        "Status Category Changed": _jira_date(case.updated),
    }


_ANSWER = "Thank you for writing,\nwe have looked into it."


def _account(case: Case) -> str:
    return case.agent.lower().replace(" ", "-")


def _talk(case: Case) -> list[tuple[datetime, str]]:
    moments = [case.answered, case.solved][: case.replies]
    return [(moment, _account(case)) for moment in moments if moment]


def _jira_date(moment: datetime | None) -> str:
    return f"{moment:%d/%b/%y} {int(f'{moment:%I}')}:{moment:%M %p}" if moment else ""


def _generic_ru(case: Case) -> dict[str, Any]:
    return {
        "Номер заявки": f"З-{case.number:04}",
        "Дата создания": f"{case.created:%d.%m.%Y %H:%M}",
        "Дата решения": f"{case.solved:%d.%m.%Y %H:%M}" if case.solved else "",
        "Статус": _word("generic_ru", "status", case.status),
        "Приоритет": _word("generic_ru", "priority", case.priority),
        "Канал": _word("generic_ru", "channel", case.channel),
        "Категория": _RU_CATEGORY[case.category],
        "Продукт": case.product,
        "Тема": case.subject,
        "Код клиента": f"К{case.customer:06}",
        "Исполнитель": f"Оператор {case.agent[-2:]}",
        "Отдел": _RU_TEAM[case.team],
        "Время первого ответа": _ru_length(minutes(case.created, case.answered)),
        "Время обработки": _ru_length(minutes(case.created, case.solved)),
        "Оценка": case.mark,
        "Теги": ", ".join(case.tags),
    }


_RU_TEAM = {"Technical": "Техотдел", "Billing": "Расчёты", "Frontline": "Первая линия"}
_RU_CATEGORY = {
    "connection": "Связь",
    "setup": "Настройка",
    "app": "Приложение",
    "device": "Неисправность",
    "billing": "Оплата",
    "refund": "Возврат",
    "delivery": "Доставка",
    "account": "Учётная запись",
}


def _ru_length(length: int | None) -> str:
    if length is None:
        return ""
    number, forms = (length, _MINUTES) if length % 60 or not length else (length // 60, _HOURS)
    return f"{number} {forms[_ru_plural(number)]}"


_MINUTES = ("минута", "минуты", "минут")
_HOURS = ("час", "часа", "часов")


def _ru_plural(number: int) -> int:
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else 2


_EXPORTS: dict[str, tuple[Callable[[Case], dict[str, Any]], str, str, str]] = {
    "zendesk": (_zendesk, "utf-8", ",", "\n"),
    "freshdesk": (_freshdesk, "utf-8", ",", "\n"),
    "intercom": (_intercom, "utf-8", ",", "\n"),
    "jira": (_jira, "utf-8-sig", ",", "\n"),
    "generic_ru": (_generic_ru, "cp1251", ";", "\r\n"),
}
