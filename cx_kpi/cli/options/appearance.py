"""How the report is to look: from `cxkpi.toml` and the command line, read before any work is done."""

import sys
from base64 import b64encode
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args

from cx_kpi.cli.options.parse import one_of
from cx_kpi.cli.options.settings import Settings
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Charts, Look
from cx_kpi.wording.language import mark

MADE = {"html": {"html", "eml"}, "md": {"md"}}  # formats by what a template makes
LARGEST = 300_000  # bytes of a logo, which goes into every page
STARTS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


def appearance_of(
    settings: Settings,
    formats: Collection[str],
    *,
    charts: str | None,
    template: str | None,
    to: str | None,
    full: bool = False,
) -> Look:
    """The look of a run into these formats; raises `UsageProblem` for what cannot be used."""
    if template:
        _check_template(template, formats)
    said = settings.config
    for name in ("to", "sender"):
        _check_addresses(f"mail.{name}", getattr(said.mail, name))
    _check_addresses("--to", to or "")
    return Look(
        title=said.report.title,
        logo=_logo(said.report.logo, Path(settings.path or "").parent) if said.report.logo else "",
        charts=cast("Charts | None", one_of("--charts", charts, get_args(Charts))),
        template=template or "",
        mail=replace(said.mail, to=to) if to else said.mail,
        full=full,
    )


def warn_of_mail(look: Look, formats: Collection[str], lang: str) -> None:
    """Print on stderr which headers a mail that was asked for lacks."""
    from cx_kpi.wording.language import Language

    heads = {"To": look.mail.to, "From": look.mail.sender}
    missing = [head for head, text in heads.items() if not text]
    if missing and "eml" in formats:
        message = mark("the mail has no {heads}; say to and sender in cxkpi.toml, [mail]")
        sys.stderr.write(f"cxkpi: {Language(lang)(message, heads=', '.join(missing))}\n")


def _check_template(path: str, formats: Collection[str]) -> None:
    from cx_kpi.render.templating.user import kind

    if not Path(path).exists():
        raise UsageProblem(f"--template {path}: no such file or folder; name one that is there")
    kinds = list(MADE) if Path(path).is_dir() else [kind(Path(path))]
    if not set().union(*(MADE[each] for each in kinds)).intersection(formats):
        raise UsageProblem(f"--template {path} is for another format; add -o report.{kinds[0]}")


def _check_addresses(key: str, text: str) -> None:
    """Raises `UsageProblem` where a header of a mail would hold anything but addresses."""
    if not text:
        return
    from email.errors import MessageError
    from email.message import EmailMessage

    mail = EmailMessage()
    try:
        mail["To"] = text
        known = all("@" in address.addr_spec for address in mail["To"].addresses)
    except (ValueError, IndexError, MessageError):
        known = False
    if not (known and mail["To"].addresses):
        raise UsageProblem(f'{key}: has to be addresses, such as "Leads <leads@example.com>"')


def _logo(path: str, folder: Path) -> str:
    """The picture as a data URI; it lies in the folder of the configuration, or further down."""
    try:
        content = _start(path, folder)
    except (OSError, ValueError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "not a file name"
        raise UsageProblem(f"report.logo: {path}: cannot be read: {why}") from None
    if len(content) > LARGEST:
        raise UsageProblem(f"report.logo: {path}: larger than 300 kB; use a smaller picture")
    kind = _kind(content)
    if not kind:
        raise UsageProblem(f"report.logo: {path}: has to be a PNG, JPEG, WebP or SVG picture")
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


def _start(path: str, folder: Path) -> bytes:
    """The picture, or enough of it to see that it is too large."""
    picture = (folder / path).resolve(strict=True)
    if not picture.is_relative_to(folder.resolve()):
        raise UsageProblem(
            f"report.logo: {path}: lies outside the folder of the configuration; copy it there"
        )
    if not picture.is_file():
        raise UsageProblem(f"report.logo: {path}: has to be a file")
    with picture.open("rb") as file:
        return file.read(LARGEST + 1)


def _kind(content: bytes) -> str:
    """The kind of picture by its first bytes; nothing where it is no known kind."""
    for start, kind in STARTS.items():
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return "svg+xml" if b"<svg" in content[:2000] else ""
