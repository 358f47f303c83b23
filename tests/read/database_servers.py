"""Servers of PostgreSQL and MariaDB, as Debian has them, started for the tests in a folder of their own."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

PASSWORD = "hunter2"
PATIENCE = 40  # seconds
DEBIAN = (
    *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
    Path("/usr/sbin"),
    Path("/usr/bin"),
)


def program(name: str, package: str) -> str:
    """Where a program is; the test is skipped where it is not, and fails where CI has not installed it."""
    places = os.pathsep.join([*map(str, DEBIAN), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if not found and os.environ.get("CI"):
        pytest.fail(f"{name} is not there: apt-get install {package}")
    if not found:
        pytest.skip(f"needs a server: apt-get install {package}")
    return found


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def as_user(name: str, folder: Path) -> list[str]:
    """What has to stand before a command that root may not run; the folder is that user's then."""
    if os.geteuid():
        return []
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        user = pwd.getpwnam("nobody")
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def run(*command: str) -> None:
    """A command that has to work."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running(command: Sequence[str], log: Path, ready: Callable[[], bool]) -> Iterator[None]:
    """A server, from the moment it answers."""
    with log.open("wb") as told, subprocess.Popen(command, stdout=told, stderr=told) as server:
        try:
            end = time.monotonic() + PATIENCE
            while not ready():
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            server.wait(20)


def answers(port: int) -> Callable[[], bool]:
    """Whether somebody listens."""

    def ready() -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    return ready


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """Where another user may go; pytest's own folders are for one user alone."""
    with TemporaryDirectory(prefix="cxkpi-server-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@contextmanager
def postgres(statements: str) -> Iterator[str]:
    """A server with a database `desk`, in which the statements were run; gives its address."""
    initdb, server, client = (program(name, "postgresql") for name in ("initdb", "postgres", "psql"))
    with folder_of_its_own() as folder:
        data, port = folder / "data", free_port()
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        before = as_user("postgres", folder)
        run(
            *before,
            initdb,
            "-D",
            str(data),
            "-U",
            "desk",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
            "--no-sync",
            "-E",
            "UTF8",
        )
        options = (
            "-F",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"port={port}",
            "-c",
            f"unix_socket_directories={folder}",
        )
        with running([*before, server, "-D", str(data), *options], folder / "log", answers(port)):
            address = f"postgresql://desk:{PASSWORD}@127.0.0.1:{port}/"
            deadline = time.monotonic() + PATIENCE
            while subprocess.run(
                [client, f"{address}postgres", "-qc", "SELECT 1"], capture_output=True, check=False
            ).returncode:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            run(client, f"{address}postgres", "-qc", "CREATE DATABASE desk")
            run(client, f"{address}desk", "-qv", "ON_ERROR_STOP=1", "-c", statements)
            yield f"{address}desk"


@contextmanager
def mariadb(statements: str) -> Iterator[str]:
    """A server with a database `desk`, in which the statements were run; gives its address."""
    install, server, client = (
        program(name, "mariadb-server") for name in ("mariadb-install-db", "mariadbd", "mariadb")
    )
    with folder_of_its_own() as folder:
        data, port, socket_file = folder / "data", free_port(), folder / "s"
        data.mkdir()
        before = as_user("mysql", folder)
        plain = ("--no-defaults", f"--datadir={data}")
        run(*before, install, *plain, "--auth-root-authentication-method=normal", "--skip-test-db")
        options = (
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={socket_file}",
            "--innodb-flush-log-at-trx-commit=0",
        )
        with running([*before, server, *plain, *options], folder / "log", answers(port)):
            begin = f"CREATE DATABASE desk CHARACTER SET utf8mb4; CREATE USER desk IDENTIFIED BY '{PASSWORD}'; GRANT ALL ON *.* TO desk;"
            run(
                client,
                "--no-defaults",
                "-uroot",
                f"--socket={socket_file}",
                "-e",
                f"{begin} USE desk; {statements}",
            )
            yield f"mysql://desk:{PASSWORD}@127.0.0.1:{port}/desk"
