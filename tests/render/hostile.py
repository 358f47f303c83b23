"""Texts that try to be more than text, and a report that holds one of them in every text."""

from dataclasses import replace
from typing import Any
from zlib import crc32

from cx_kpi.model.report import Report
from cx_kpi.render.elements.sanitise import clean

TEXTS = (
    "<script>alert(1)</script>",
    "</title></style></table></svg><img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    "'-alert(1)-' {{ 7 * 7 }} {% for %} ${7*7} <%= 1 %>",
    "&lt;b&gt; &amp;amp; &#60;i&#62;",
    "| a | b |\\| `code` ``` ~~~ **bold** __bold__ ~~gone~~ [link](http://example.org) ![i](x) <b>",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "=====",
    "---",
    "http://example.org/a?b=c www.example.org a@example.org @somebody #12 $x$ :tada:",
    "[/] [bold red] [link=http://example.org]x[/link] :smile:",
    "\x1b[31mred\x1b[0m \x1b]8;;http://example.org\x07link\x1b]8;;\x07 \x1b]52;c;ZXZpbA==\x07",
    "\x9b31m \x9d0;title\x9c \x90q\x9c \x07\x08\x7f\x00",
    "\u202eevil\u202c \u2066x\u2069 \u200f \u2028 \u2029 \ufeff \U000e0041",
    "two\nlines\r\nand\ttabs\x0b\x0c\x85",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    " =1+1",
    "a;=cmd|' /C calc'!A0",
    "＝1+1",
    "\ud800 half a pair",
    "слово " * 30,
    "x" * 300,
    "漢字かな🙂 e\u0301 \u200d",
    "",
    " ",
    "    four spaces",
)

DEALT = range(0, len(TEXTS), 4)  # turns in which each text of a report meets some of each kind of these


_TAGS = (
    "script>alert(1)</script",
    "img src=x onerror=alert(1)",
    "svg/onload=alert(1)",
    "svg><script href=data:,alert(1)></script></svg",
    "foreignObject><iframe srcdoc=x></iframe></foreignObject",
    "iframe src=//example.org",
    "style>*{background:url(//example.org)}</style",
    "link rel=stylesheet href=//example.org",
    "base href=//example.org",
    "meta http-equiv=refresh content=0",
    "form action=//example.org><button",
    "a href=javascript:alert(1)>x</a",
    "details open ontoggle=alert(1)",
    "template><p></template",
    "plaintext",
    "textarea",
    "math><mi//xlink:href=data:x,y>",
)
_ENDS = (
    "title",
    "style",
    "script",
    "textarea",
    "svg",
    "text",
    "td",
    "table",
    "option",
    "select",
    "p",
    "html",
)
_CODES = (
    "[2J",
    "[H",
    "[?1049h",
    "[6n",
    "]0;t\x07",
    "]1337;File=:x\x07",
    "Pq#0\x1b\\",
    "_x\x1b\\",
    "c",
    "(0",
    "]52;c;?\x07",
)
MORE = (
    *TEXTS,
    *(f"<{tag}>" for tag in _TAGS),
    *(f"\"'><{tag}>" for tag in _TAGS),
    *(f"<!--><{tag}-->" for tag in _TAGS[:6]),
    *(f"</{end}><b>" for end in _ENDS),
    *(f"]]></{end}><i>" for end in _ENDS),
    *(f"\x1b{code}after" for code in _CODES),
    *(f"{chr(ord(code[0]) + 0x40)}{code[1:]}after" for code in _CODES if "@" <= code[0] <= "_"),
    *(f"<b{space}onclick{space}={space}alert(1)>" for space in " \t\n\x0c/\x0b\xa0"),
    *(f"{mark * run}x{mark * run}" for mark in "*_~`^=|!#>-+$:\\" for run in (1, 2, 3, 6)),
    *(
        f"{start}x"
        for start in ("    ", "\t", "> ", "- [ ] ", "1) ", "[a]: /b ", "[^1]: ", "<!-- ", "***", "|-|")
    ),
    *(
        "![x](javascript:a)",
        "[x][y]",
        "<http://example.org>",
        "\\[x\\]",
        "&#x3c;b&#62;",
        "&lt",
        "&NotEqualTilde;",
    ),
    *("datum.x", "{'signal': 'width'}", "${x}", "{{x}}", "{%x%}", "{#x#}", "{0.__class__}", "%(x)s", "%s%n"),
    *("var(--text)", "url(#hatch)", "expression(1)", "__proto__", "constructor", "NaN", "null", "undefined"),
    *(
        "a\u0300" * 60,
        "\u0430\u0301",
        "\u202d\u202e\u2067",
        "\ud83d",
        "\udc00\ud800",
        "\ufffe",
        "👩‍👩‍👧‍👦",
        "ß" * 200,
    ),
)

SEEN = tuple({clean(text): text for text in MORE if clean(text).strip()}.values())  # no two look the same


def filled(report: Report, *texts: str, turn: int = 0) -> Report:
    """The report with a text before every title, name, message and cell of its own: always the same one for
    the same word, another for the next; `turn` deals them out otherwise.
    """
    text = texts[turn % len(texts)]

    def mixed(value: Any) -> Any:
        match value:
            case str():
                return texts[(crc32(value.encode()) + turn) % len(texts)] + value
            case list():
                return [mixed(item) for item in value]
            case dict():
                return {key: mixed(item) for key, item in value.items()}
            case _:
                return value

    def named(reading: Any) -> Any:
        words = {key: mixed(getattr(reading, key)) for key in ("title", "about", "formula", "clock", "value")}
        inner = replace(reading.latest, value=mixed(reading.latest.value)) if reading.latest else None
        made = {"details": mixed(reading.details), "latest": inner, "account": opened(reading.account)}
        return replace(reading, **words, **made)

    def opened(account: Any) -> Any:
        if account is None:
            return None
        causes = [
            replace(each, by={text + key: mixed(each.by[key]) for key in each.by}) for each in account.causes
        ]
        return replace(account, dimension=mixed(account.dimension), causes=causes)

    return replace(
        report,
        tool=replace(report.tool, version=mixed(report.tool.version)),
        timezone=mixed(report.timezone),
        sources=[
            replace(each, path=mixed(each.path), table=mixed(each.table), preset=mixed(each.preset))
            for each in report.sources
        ],
        groups=mixed(report.groups),
        metrics={metric: named(reading) for metric, reading in report.metrics.items()},
        segments=[
            replace(each, by={text + key: mixed(each.by[key]) for key in each.by}) for each in report.segments
        ],
        left_out=[replace(each, title=mixed(each.title), why=mixed(each.why)) for each in report.left_out],
        notices=[
            replace(each, message=mixed(each.message), field=mixed(each.field), table=mixed(each.table))
            for each in report.notices
        ],
        findings=[
            replace(each, text=mixed(each.text), account=opened(each.account)) for each in report.findings
        ],
        headlines=[replace(each, title=mixed(each.title)) for each in report.headlines],
        exhibits=[
            replace(
                each,
                title=mixed(each.title),
                about=mixed(each.about),
                columns=mixed(each.columns) if each.axis == "name" else each.columns,
                rows=[replace(line, name=mixed(line.name)) for line in each.rows],
            )
            for each in report.exhibits
        ],
    )
