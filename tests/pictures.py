"""Draws the README's pictures from a real run: `python tests/pictures.py`, with Chromium for the page."""

import shutil
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from cx_kpi import api
from cx_kpi.api import make_report
from cx_kpi.cli.app import run
from cx_kpi.judge.quality.quality_assess import assess
from cx_kpi.model.options import Look, Options
from cx_kpi.model.values import Status
from cx_kpi.normalise.config.read_config import read_config
from cx_kpi.render.documents import quality_document as check
from cx_kpi.render.documents import receipt_document as sheet
from cx_kpi.render.terminal import terminal_report as terminal

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / ".pictures"
WIDTH, LINES, FEW = 110, 60, 36
CONFIG = "sample_data/cxkpi.toml"
TAKEN_UP = f"--config {CONFIG}"
FIGURE = "first_response_within_target"
PAGE = {"width": 1200, "height": 1150}
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def options(**more: Any) -> Options:
    """The sample data and its configuration; to be read in the root of the repository."""
    config = read_config(CONFIG)
    zone = str(config.timezone)
    return Options(("sample_data",), timezone=zone, config=config, configuration=CONFIG, **more)


def draw(name: str, command: str, lines: Sequence[Text]) -> None:
    """A terminal with the command in its title and these lines."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    for line in lines:
        console.print(line, soft_wrap=True)
    svg = console.export_svg(
        title=command, theme=DIMMED_MONOKAI, code_format=FRAME, unique_id=f"cxkpi-{name}"
    )
    (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8")


def lines(shown: str) -> list[Text]:
    """The lines of what a terminal shows, with colours."""
    return [*Text.from_ansi(shown).split("\n")]


def draw_terminals() -> None:
    """The report on the sample data, its charts, and what misses its target."""
    with chdir(ROOT):
        report = make_report(options())
    shown = lines(terminal.render(report, width=WIDTH, color=True))[:LINES]
    whole = max(place for place, line in enumerate(shown) if "───" in line)  # whole groups only
    draw("terminal", f"cxkpi report sample_data {TAKEN_UP}", shown[:whole])
    charts = lines(terminal.render(report, width=WIDTH, color=True, look=Look(charts="static")))
    first = next(place for place, line in enumerate(charts) if line.plain.startswith("Trends"))
    draw("charts", f"cxkpi report sample_data {TAKEN_UP} --charts static", charts[first : first + FEW])
    led = {name: each.latest or each for name, each in report.metrics.items()}
    missed = [name for name, each in led.items() if each.status is Status.MISSED]
    asked = (
        f"$ cxkpi report sample_data {TAKEN_UP} -f json |",
        "  jq -r '.metrics | to_entries[] | select((.value.latest // .value).status == \"missed\") | .key'",
    )
    draw("missed", "missed targets", [Text(line) for line in (*asked, *missed, "")])


def draw_sheets() -> None:
    """The receipt of a figure, and the check of a file."""
    with chdir(ROOT):
        asked = options(metrics=(FIGURE,))
        receipt = api.explain(FIGURE, asked)[1]
        done = api.run(replace(options(), paths=("sample_data/tickets.csv",)), every=True)
    draw(
        "explain",
        f"cxkpi explain {FIGURE} sample_data {TAKEN_UP}",
        lines(sheet.render(receipt, width=WIDTH, color=True))[:FEW],
    )
    quality = assess(done.loaded, done.results, done.notices, done.options, datetime.now(UTC))
    draw(
        "check",
        f"cxkpi check sample_data/tickets.csv {TAKEN_UP}",
        lines(check.render(quality, width=WIDTH, color=True))[:FEW],
    )


def draw_page() -> None:
    """The top of the page that `cxkpi demo -o report.html` writes."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        run(["demo", "--lang", "en", "-o", str(file)])
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport=PAGE)
        page.goto(file.as_uri())
        page.screenshot(path=PICTURES / "page.png")
        browser.close()


def main() -> None:
    """All pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    draw_terminals()
    draw_sheets()
    draw_page()


if __name__ == "__main__":
    main()
