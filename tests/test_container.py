"""The image: what its recipe copies is there, its pins have hashes; where something can build it, it is built and run."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cx_kpi import __version__

ROOT = Path(__file__).parents[1]
RECIPE = (ROOT / ".container" / "Containerfile").read_text(encoding="utf-8")
PINS = (ROOT / ".lock" / "container.txt").read_text(encoding="utf-8")
BUILDS = {
    "docker": ["docker", "build", "-q"],
    "podman": ["podman", "build", "-q"],
    "buildah": ["buildah", "bud", "-q", "--isolation", "chroot"],
}
BUILDERS = tuple(BUILDS)
OUT_OF_REACH = "no such host|i/o timeout|connection refused|TLS handshake"
BASE = os.environ.get("CXKPI_BASE_IMAGE", "")  # in place of the recipe's own, where no registry is in reach
NAME = "cxkpi-test"


def builder() -> str | None:
    """The first builder that works here."""
    for name in filter(shutil.which, BUILDERS):
        if subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return None


def test_the_recipe_copies_what_is_there_and_all_that_the_package_needs() -> None:
    copied = {
        name for line in re.findall(r"^COPY (?!--)(.+) \S+$", RECIPE, re.MULTILINE) for name in line.split()
    }
    assert [name for name in copied if not (ROOT / name).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    build = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert copied >= {*build["packages"], *build["force-include"], "pyproject.toml", "README.md", "LICENSE"}


def test_nobody_runs_as_root() -> None:
    (user,) = re.findall(r"^USER (.+)$", RECIPE, re.MULTILINE)
    assert not re.search(r"\b0\b|root", user)
    assert RECIPE.index("USER") > RECIPE.rindex("RUN")


def test_the_pins_are_those_of_the_tests_each_with_a_hash() -> None:
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.+!]+)", PINS, re.MULTILINE))
    locked = (ROOT / ".lock" / "requirements.txt").read_text(encoding="utf-8")
    for each in re.split(r"^(?=\w)", PINS, flags=re.MULTILINE)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", each), each
    for name, version in pinned.items():
        other = re.search(rf"^{re.escape(name)}==([\w.+!]+)", locked, re.MULTILINE)
        assert other is None or other[1] == version, "run: .lock/renew"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = [
        line
        for name in ("cloud", "duckdb", "mysql", "notify", "postgres", "prometheus")
        for line in project["project"]["optional-dependencies"][name]
    ]
    for each in map(
        Requirement, [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["image"]]
    ):
        assert each.specifier.contains(pinned[canonicalize_name(each.name)]), "run: .lock/renew"


Image = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """Runs the command of the image with these words, in a folder as `/data`."""
    found = builder()
    if not found:
        pytest.skip(f"no builder of containers works here ({', '.join(BUILDERS)})")
    base = ["--build-arg", f"PYTHON={BASE}"] if BASE else []
    build = [*BUILDS[found], *base, "-t", NAME, "-f", str(ROOT / ".container" / "Containerfile"), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    if done.returncode and re.search(OUT_OF_REACH, done.stderr):
        pytest.skip(
            "the registry of the base image is out of reach; name one that is here in CXKPI_BASE_IMAGE"
        )
    assert done.returncode == 0, done.stderr
    runs, inside, named = [found, "run", "--rm", "--network", "none"], [], NAME
    if found == "buildah":
        started = subprocess.run([found, "from", NAME], capture_output=True, text=True, check=True)
        runs, inside, named = [found, "run", "--isolation", "chroot"], ["--", "cxkpi"], started.stdout.strip()

    def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        options = ["-v", f"{folder}:/data", "--user", f"{os.getuid()}:{os.getgid()}"]
        return subprocess.run(
            [*runs, *options, named, *inside, *words], capture_output=True, text=True, check=False
        )

    yield run
    if found == "buildah":
        subprocess.run([found, "rm", named], capture_output=True, check=False)
    subprocess.run([found, "rmi", NAME], capture_output=True, check=False)


GUIDE = "\n".join(
    page.read_text(encoding="utf-8") for page in sorted((ROOT / "cx_kpi" / "guide").glob("*.md"))
)


@pytest.mark.parametrize("line", re.findall(r"^docker run .+$", GUIDE, re.MULTILINE))
def test_the_commands_of_the_guide(line: str, image: Image, tmp_path: Path) -> None:
    """As they are, for the image of this test; what they do in it, tests/test_guide_examples.py does anywhere."""
    found = builder()
    if found not in ("docker", "podman"):
        pytest.skip(f"{found} does not know the words of docker run")
    assert image(tmp_path, "--version").returncode == 0
    shutil.copytree(ROOT / "sample_data", tmp_path / "exports", ignore=shutil.ignore_patterns("presets"))
    (tmp_path / "cxkpi.toml").write_text('[report.weekly]\nfiles = "exports/"\noutput = "report.html"\n')
    mine = line.replace("docker run", f'{found} run --user "$(id -u)"').replace(" cxkpi ", f" {NAME} ")
    subprocess.run(["bash", "-c", mine], check=True, cwd=tmp_path)
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def test_the_image_makes_a_described_report(image: Image, tmp_path: Path) -> None:
    assert image(tmp_path, "--version").stdout == f"cxkpi {__version__}\n"
    shutil.copytree(ROOT / "sample_data", tmp_path / "exports", ignore=shutil.ignore_patterns("presets"))
    (tmp_path / "cxkpi.toml").write_text(
        '[report.weekly]\nfiles = "exports/"\nlast = "1w"\noutput = ["{year}-W{week}.json", "a.html", "a.prom"]\n'
    )
    done = image(tmp_path, "run", "weekly")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / "2026-W13.json").read_text())["tool"]["version"] == __version__
    assert (tmp_path / "a.html").read_text().startswith("<!doctype html>")
