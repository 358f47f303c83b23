"""Writes the golden reports anew: `python -m tests.accept golden`. Read the diff before you commit it."""

import json
from contextlib import chdir
from pathlib import Path
from typing import Any

from cx_kpi.api import make_report
from cx_kpi.model.assets import folder
from cx_kpi.model.options import Lang, Options
from cx_kpi.model.report import Report
from cx_kpi.normalise.config.read_config import read_config
from cx_kpi.render.files.json import render
from cx_kpi.render.terminal import terminal_report as terminal
from cx_kpi.render.text import markdown

HERE = Path(__file__).parent
WORDS = ("title", "group", "about", "formula", "unit", "better", "clock", "cohort")  # the Markdown has them
ONE = "first_response_within_target"  # whose series and segments stand for all


def made(language: Lang) -> Report:
    """The default report on the sample data."""
    sample = folder("sample_data")
    with chdir(sample.parent):
        config = read_config("sample_data/cxkpi.toml")
        options = Options(
            ("sample_data",),
            by=(("channel",),),
            timezone=str(config.timezone),
            language=language,
            config=config,
        )
        return make_report(options)


def figures(report: Report) -> str:
    """The JSON, a line for each figure, without words and without most of the series and segments."""
    data = json.loads(render(report))
    for reading in data["metrics"].values():
        for name in WORDS:
            del reading[name]
    for source in data["sources"]:
        del source["columns"]
    for name in ("series", "segments"):
        data[name] = [each for each in data[name] if each["metric"] == ONE]
    parts = (f"{dumped(key)}: {broken(value)}" for key, value in data.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def broken(value: Any) -> str:
    """JSON with a line for each entry, so that a changed figure is a changed line."""
    match value:
        case dict():
            return "{\n" + ",\n".join(f"{dumped(key)}: {dumped(each)}" for key, each in value.items()) + "\n}"
        case list():
            return "[\n" + ",\n".join(map(dumped, value)) + "\n]"
        case _:
            return dumped(value)


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def golden() -> dict[str, str]:
    """Each golden file and what should be in it."""
    english, russian = made("en"), made("ru")
    return {
        "report.json": figures(english),
        "report.md": markdown.render(english),
        "report.ru.txt": terminal.render(russian, width=100),
    }


def write() -> None:
    """The golden files anew."""
    for name, text in golden().items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
