"""Draws the README's pictures from a real run: `python tests/pictures.py`, with Chromium for the page."""

import shutil
from contextlib import chdir
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from cx_kpi.api import make_report
from cx_kpi.cli.app import run
from cx_kpi.model.options import Options
from cx_kpi.normalise.config.read_config import read_config
from cx_kpi.render.terminal import terminal_report as terminal

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / ".pictures"
WIDTH, LINES = 110, 60
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


def draw_terminal() -> None:
    """The first screens of the report on the sample data."""
    with chdir(ROOT):
        config = read_config("sample_data/cxkpi.toml")
        report = make_report(Options(("sample_data",), timezone=str(config.timezone), config=config))
    shown = terminal.render(report, width=WIDTH, color=True)
    lines = Text.from_ansi(shown).split("\n")[:LINES]
    del lines[max(place for place, line in enumerate(lines) if "───" in line) :]  # whole groups only
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    for line in lines:
        console.print(line, soft_wrap=True)
    svg = console.export_svg(
        title="cxkpi report sample_data", theme=DIMMED_MONOKAI, code_format=FRAME, unique_id="cxkpi"
    )
    (PICTURES / "terminal.svg").write_text(svg, encoding="utf-8")


def draw_page() -> None:
    """The top of the page that `cxkpi demo -o report.html` writes."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        run(["demo", "-o", str(file)])
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport=PAGE)
        page.goto(file.as_uri())
        page.screenshot(path=PICTURES / "page.png")
        browser.close()


def main() -> None:
    """All pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    draw_terminal()
    draw_page()


if __name__ == "__main__":
    main()
