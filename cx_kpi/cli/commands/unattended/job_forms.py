"""A job as each scheduler takes it: a line of cron, two units of systemd, a workflow of GitHub, a job of GitLab."""

import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cx_kpi.cli.commands.unattended.occasions import Occasion
from cx_kpi.model.frozen import dataclass
from cx_kpi.wording.language import Language, mark

PYTHON = "3.13"
_LOCALE = "C.UTF-8"


@dataclass(frozen=True, slots=True)
class Job:
    """What is run when: `arguments` of the command before the configuration, which is an absolute path.

    `inside` is its path in the repository it lies in; `variables` are those whose values are secrets. Results, folders
    that have to be there and the history have paths in the repository, too.
    """

    name: str
    version: str
    command: tuple[str, ...]
    configuration: Path
    inside: Path
    arguments: tuple[str, ...]
    occasion: Occasion
    variables: tuple[str, ...]
    extras: tuple[str, ...]
    results: tuple[str, ...]
    folders: tuple[str, ...] = ()
    history: str = ""

    def here(self) -> list[str]:
        """The words of the command on this computer."""
        return [*self.command, "run", self.name, "--config", str(self.configuration), *self.arguments]

    def there(self) -> str:
        """The command on another computer, in a copy of the repository."""
        return shlex.join(["cxkpi", "run", self.name, "--config", self.inside.as_posix(), *self.arguments])

    def install(self) -> str:
        """What installs this version there: the wheel beside the reports, which nobody else can put there."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"pip install './{self.wheel}{extras}'"

    @property
    def wheel(self) -> str:
        """Where the package lies in the repository."""
        return f"wheels/cxkpi-{self.version}-py3-none-any.whl"

    def steps(self) -> list[str]:
        """What goes before the command there."""
        folders = [shlex.join(["mkdir", "-p", "--", *self.folders])] if self.folders else []
        return [self.install(), *folders]


ZONED = mark("the hour is in {zone} where cron knows CRON_TZ, elsewhere in the zone of the computer")
SECRETS = mark("holds the secrets, for you alone to read: {names}")
SAVE = mark("save this as {path}")
WHEEL = mark(
    "put {wheel} into the repository: in the folder of cxkpi, pip wheel --no-deps -w wheels . makes it"
)
IN_UTC = mark("in UTC; in {zone} it is then {times}")
MASKED = mark("add masked variables: {names}")
KEPT = mark(
    "the history goes from run to run in a cache, which may be cleared: keep a copy, as among the results"
)
PLANNED = mark("add a pipeline schedule: {cron}, time zone {zone}")


def cron(job: Job, language: Language) -> Iterator[str]:
    """Lines of a crontab."""
    zone = job.occasion.zone
    yield f"# cxkpi {job.version}; {language(ZONED, zone=zone)}"
    yield f"CRON_TZ={zone}"
    secrets = f"set -a && . {shlex.quote(str(_secrets(job)))} && " if job.variables else ""
    if secrets:
        yield f"# {_secrets(job)}: {language(SECRETS, names=_lines(job.variables))}"
    command = f"{secrets}LC_ALL={_LOCALE} {shlex.join(job.here())}"
    yield f"{job.occasion.cron()} {command}".replace("%", r"\%")


def systemd(job: Job, language: Language) -> Iterator[str]:
    """A service and its timer."""
    unit = f"cxkpi-{job.name}"
    yield f"# {language(SAVE, path=f'/etc/systemd/system/{unit}.service')}"
    yield from ("[Unit]", f"Description=cxkpi {job.version}: {job.name}", "", "[Service]", "Type=oneshot")
    yield f"Environment=LC_ALL={_LOCALE}"
    if job.variables:
        yield f"# {_secrets(job)}: {language(SECRETS, names=_lines(job.variables))}"
        yield f"EnvironmentFile={str(_secrets(job)).replace('%', '%%')}"
    yield f"ExecStart={' '.join(map(_unit_word, job.here()))}"
    yield ""
    yield f"# {language(SAVE, path=f'/etc/systemd/system/{unit}.timer')}"
    yield from ("[Unit]", f"Description=cxkpi {job.version}: {job.name}", "", "[Timer]")
    yield from (f"OnCalendar={job.occasion.systemd()}", "Persistent=true", "")
    yield from ("[Install]", "WantedBy=timers.target")


def github(job: Job, language: Language) -> Iterator[str]:
    """A workflow, which GitHub starts by its own clock in UTC."""
    times = " / ".join(job.occasion.local_times())
    yield f"# {language(SAVE, path=f'.github/workflows/cxkpi-{job.name}.yml')}"
    yield f"# {language(WHEEL, wheel=job.wheel)}"
    yield from (f"name: {_yaml(f'cxkpi {job.name}')}", "on:", "  schedule:")
    yield f"    # {language(IN_UTC, zone=job.occasion.zone, times=times)}"
    yield from (f"    - cron: {_yaml(job.occasion.cron_utc())}", "  workflow_dispatch:")
    yield from ("permissions:", "  contents: read", "jobs:", "  report:", "    runs-on: ubuntu-24.04")
    yield from ("    steps:", "      - uses: actions/checkout@v4", "      - uses: actions/setup-python@v5")
    yield from ("        with:", f"          python-version: {_yaml(PYTHON)}")
    yield from (f"      - run: {_yaml(each)}" for each in job.steps())
    yield from _cached(job, "restore", language)
    yield from (f"      - run: {_yaml(job.there())}", "        env:", f"          LC_ALL: {_yaml(_LOCALE)}")
    yield from (f"          {name}: ${{{{ secrets.{name} }}}}" for name in job.variables)
    yield from _cached(job, "save", language)
    if job.results:
        yield from ("      - uses: actions/upload-artifact@v4", "        if: always()", "        with:")
        yield from (f"          name: {_yaml(f'cxkpi-{job.name}')}", "          path: |")
        yield from (f"            {each}" for each in job.results)


def _cached(job: Job, way: str, language: Language) -> Iterator[str]:
    """The history out of the cache or into it, also after a run that found something."""
    if not job.history:
        return
    key, run = f"cxkpi-{job.name}-", "${{ github.run_id }}-${{ github.run_attempt }}"
    yield from (f"      # {language(KEPT)}",) if way == "restore" else ()
    yield f"      - uses: actions/cache/{way}@v4"
    yield from ("        if: always()",) if way == "save" else ()
    yield from (
        "        with:",
        f"          path: {_yaml(job.history)}",
        f"          key: {_yaml(key + run)}",
    )
    yield from (f"          restore-keys: {_yaml(key)}",) if way == "restore" else ()


def gitlab(job: Job, language: Language) -> Iterator[str]:
    """A job for a pipeline that GitLab starts by a schedule."""
    planned = language(PLANNED, cron=job.occasion.cron(), zone=job.occasion.zone)
    yield f"# .gitlab-ci.yml; {planned}"
    yield f"# {language(WHEEL, wheel=job.wheel)}"
    if job.variables:
        yield f"# {language(MASKED, names=', '.join(job.variables))}"
    yield from (f"{_yaml(f'cxkpi-{job.name}')}:", f"  image: {_yaml(f'python:{PYTHON}-slim')}")
    yield from ("  rules:", '    - if: $CI_PIPELINE_SOURCE == "schedule"')
    yield from ("  variables:", f"    LC_ALL: {_yaml(_LOCALE)}")
    if job.history:
        yield from (f"  # {language(KEPT)}", "  cache:", f"    key: {_yaml(f'cxkpi-{job.name}')}")
        yield from ("    when: always", "    paths:", f"      - {_yaml(job.history)}")
    yield from ("  script:", *(f"    - {_yaml(each)}" for each in (*job.steps(), job.there())))
    if job.results:
        yield from ("  artifacts:", "    when: always", "    paths:")
        yield from (f"      - {_yaml(each)}" for each in job.results)
        tests = [each for each in job.results if each.endswith(".xml")]
        yield from ("    reports:", "      junit:") if tests else ()
        yield from (f"        - {_yaml(each)}" for each in tests)


FORMS: dict[str, Callable[[Job, Language], Iterator[str]]] = {
    "cron": cron,
    "systemd": systemd,
    "github": github,
    "gitlab": gitlab,
}


def _secrets(job: Job) -> Path:
    """The file beside the configuration in which a report's secrets are."""
    return job.configuration.with_name(f"{job.name}.env")


def _lines(names: Sequence[str]) -> str:
    return ", ".join(f"{name}='…'" for name in names)


def _unit_word(word: str) -> str:
    """A word of a command as systemd reads it."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if any(sign in plain for sign in " \t'\"\\;") else plain


def _yaml(text: str) -> str:
    """A text as YAML reads it, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)
