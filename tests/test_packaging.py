"""What the wheel holds: everything the command needs and nothing else."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cx_kpi import __version__
from cx_kpi.model import assets

ROOT = Path(__file__).parent.parent
BESIDE = ("templates", "sample_data")  # folders of the repository that lie inside the installed package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel built from the working tree."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = place.iterdir()
    return set(zipfile.ZipFile(built).namelist())


def files(folder: Path, base: Path) -> set[str]:
    return {
        str(path.relative_to(base))
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


def test_the_wheel_holds_the_package_and_its_folders(wheel: set[str]) -> None:
    beside = {f"cx_kpi/{name}" for folder in BESIDE for name in files(ROOT / folder, ROOT)}
    inside = {name for name in wheel if not name.startswith("cxkpi-")}
    assert inside == files(ROOT / "cx_kpi", ROOT) | beside
    assert "cx_kpi/locale/ru/LC_MESSAGES/cxkpi.mo" in inside


def test_licence_command_and_manual(wheel: set[str]) -> None:
    info = f"cxkpi-{__version__}.dist-info"
    assert f"cxkpi-{__version__}.data/data/share/man/man1/cxkpi.1" in wheel
    assert {f"{info}/entry_points.txt", f"{info}/licenses/LICENSE"} <= wheel


def test_metadata() -> None:
    said = metadata("cxkpi")
    assert said["Version"] == __version__
    assert said["Requires-Python"] == ">=3.11"


@pytest.mark.parametrize("name", BESIDE)
def test_folders_are_found_installed_and_in_the_repository(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "cx_kpi"
    monkeypatch.setattr(assets, "_PACKAGE", package)
    assert assets.folder(name) == tmp_path / name
    (package / name).mkdir(parents=True)
    assert assets.folder(name) == package / name


LOCK = (ROOT / ".lock" / "requirements.txt").read_text(encoding="utf-8")


def needed() -> list[Requirement]:
    """What the package and work on it need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]]


def test_the_lock_pins_all_that_is_needed_within_its_range() -> None:
    pinned = {
        (line := Requirement(each)).name: line for each in re.findall(r"^\w[^\\\n]*", LOCK, re.MULTILINE)
    }
    assert all(re.fullmatch(r"==[\w.+!]+", str(each.specifier)) for each in pinned.values())
    for each in needed():
        version = str(pinned[canonicalize_name(each.name)].specifier).removeprefix("==")
        assert each.specifier.contains(version), "run: .lock/renew"


def test_the_lock_names_a_hash_for_each_and_no_place() -> None:
    for each in re.split(r"^(?=\w)", LOCK, flags=re.MULTILINE)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", each), each
    assert not re.search(r"https?:|^-", LOCK, re.MULTILINE)
