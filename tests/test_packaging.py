"""What the wheel holds: everything the command needs and nothing else."""

import subprocess
import sys
import zipfile
from importlib.metadata import metadata
from pathlib import Path

import pytest

from cx_kpi import __version__, assets

ROOT = Path(__file__).parent.parent
BESIDE = ("templates", "sample_data")  # folders of the repository that lie inside the installed package
WORKING = {".pyc", ".pyo"}


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
        if path.is_file() and path.suffix not in WORKING
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
