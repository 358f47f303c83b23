"""The glyphs of the terminal report, and their replacements where only plain characters can be shown."""

from cx_kpi.render.elements.report_view import Cell, Row, Tone

STYLE = {Tone.GOOD: "green", Tone.BAD: "red", Tone.UNSURE: "yellow", Tone.PLAIN: ""}
MARK = {Tone.GOOD: "✓", Tone.BAD: "✗", Tone.UNSURE: "?", Tone.PLAIN: "·"}
ALARM = "!"
ELLIPSIS = "…"
_WORDS = {"≥\u00a0": ">=", "≤\u00a0": "<=", "≥ ": ">=", "≤ ": "<="}
_CHARACTERS = str.maketrans("✓✗▲▼○≈≠·•─–—−≥≤→×÷…\u00a0\u202f“”«»’", '+x^vo~*-*----><>x/.  """"\'')
_CHARTS = str.maketrans("█▓▒░▚▉▊▋▌▍▎▏▁▂▃▄▅▆▇┤┈", "#%+.x#######.,,--=^|.")
_BRAILLE = dict.fromkeys(range(0x2801, 0x2900), ord("*"))


def plain(text: str) -> str:
    """The text with glyphs that any terminal shows, each as wide as it was; letters stay."""
    for glyphs, instead in _WORDS.items():
        text = text.replace(glyphs, instead)
    return text.translate(_CHARACTERS | _CHARTS | _BRAILLE)


def status(cell: Cell, short: bool) -> str:
    """`✗ missed`, or the mark alone."""
    if not cell.text:
        return ""
    return MARK[cell.tone] if short else f"{MARK[cell.tone]} {cell.text}"


def change(row: Row) -> str:
    """`▼ −2.1 pp !`: the direction, the size, and a mark where that is bad."""
    if not (row.change or row.sign):
        return ""
    return f"{row.sign or ' '} {row.change}".rstrip() + (f" {ALARM}" if row.verdict.tone is Tone.BAD else "")
