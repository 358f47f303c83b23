"""Files on S3, Google Cloud Storage and Azure, with the credentials of the environment; sheets of Google by their link."""

import http.server
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from database_servers import free_port

from cx_kpi.cli.app import run
from cx_kpi.model.errors import InputProblem, UsageProblem
from cx_kpi.read.open import open_all
from cx_kpi.read.raw.address import read_address, shown
from cx_kpi.read.servers import remote

pytest.importorskip("obstore")

TEXT = "id,created,note\n007,2026-03-01 10:00,\n8,2026-03-02 10:00,ёж\n"
PLAIN = [("007", "2026-03-01 10:00", None), ("8", "2026-03-02 10:00", "ёж")]
KEY, SECRET = "AKIATESTKEY", "s3cr3t/of+mine"


def parquet() -> bytes:
    out = BytesIO()
    pl.read_csv(TEXT.encode(), infer_schema=False).write_parquet(out)
    return out.getvalue()


OBJECTS = {"exports/t.csv": TEXT.encode(), "exports/a b.parquet": parquet()}


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that speaks the protocol of S3."""
    pytest.importorskip("moto")
    boto3 = pytest.importorskip("boto3")
    port = free_port()
    log = tmp_path_factory.mktemp("s3") / "log"
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as told, subprocess.Popen(command, stdout=told, stderr=told) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            end = time.monotonic() + 60
            while not answers(address):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.1)
            made = boto3.client(
                "s3",
                endpoint_url=address,
                aws_access_key_id=KEY,
                aws_secret_access_key=SECRET,
                region_name="us-east-1",
            )
            made.create_bucket(Bucket="desk")
            for path, data in OBJECTS.items():
                made.put_object(Bucket="desk", Key=path, Body=data)
            yield address
        finally:
            server.terminate()


class Bucket(http.server.BaseHTTPRequestHandler):
    """Google's and Azure's ways to ask for an object; whoever does not say who he is gets none."""

    open = False

    def do_GET(self) -> None:
        path = (
            urllib.request.unquote(self.path.partition("?")[0])
            .removeprefix("/account")
            .removeprefix("/desk/")
        )
        known = path in OBJECTS and (
            self.headers.get("Authorization", "").startswith("SharedKey account:") or Bucket.open
        )
        data = OBJECTS[path] if known else b"<Error>s3cr3t</Error>"
        self.send_response(200 if known else 404 if Bucket.open else 403)
        for name, value in (("Content-Length", len(data)), ("ETag", '"1"')):
            self.send_header(name, str(value))
        self.send_header("Last-Modified", "Wed, 04 Mar 2026 10:00:00 GMT")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def bucket() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


def rows(address: str) -> list[tuple[object, ...]]:
    (frame,) = open_all([address], allow_remote=True)
    assert frame.path == address
    return frame.frame.collect().rows()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in os.environ:
        if name.startswith(("AWS_", "AZURE_", "GOOGLE_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return monkeypatch


def test_objects_of_s3(s3: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in (("ACCESS_KEY_ID", KEY), ("SECRET_ACCESS_KEY", SECRET), ("REGION", "us-east-1")):
        environment.setenv(f"AWS_{name}", value)
    environment.setenv("AWS_ENDPOINT_URL", s3)
    environment.setenv("AWS_ALLOW_HTTP", "true")
    assert rows("s3://desk/exports/t.csv") == PLAIN
    assert rows("s3://desk/exports/a b.parquet") == PLAIN
    for path in ("desk/none.csv", "other/t.csv", "desk/exports"):
        with pytest.raises(InputProblem, match="check the address") as problem:
            rows(f"s3://{path}")
        assert "\n" not in str(problem.value)
    with pytest.raises(InputProblem, match="over 0 MB"):
        remote.download(read_address("s3://desk/exports/t.csv", allow_remote=True), 10)
    with pytest.raises(UsageProblem, match="--allow-remote"):
        open_all(["s3://desk/exports/t.csv"])
    assert run(["report", "s3://desk/exports/t.csv", "--allow-remote", "-f", "json"]) in (0, 3)
    told = capsys.readouterr()
    assert KEY not in told.out + told.err
    assert SECRET not in told.out + told.err


def test_objects_of_google(bucket: str, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    account = {
        "gcs_base_url": bucket,
        "disable_oauth": True,
        "client_email": "",
        "private_key": "",
        "private_key_id": "",
    }
    (tmp_path / "account.json").write_text(json.dumps(account))
    environment.setenv("GOOGLE_SERVICE_ACCOUNT", str(tmp_path / "account.json"))
    environment.setattr(Bucket, "open", True)
    assert rows("gs://desk/exports/t.csv") == PLAIN
    with pytest.raises(InputProblem, match="no such object"):
        rows("gs://desk/none.csv")


def test_objects_of_azure(bucket: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    environment.setenv("AZURE_STORAGE_ENDPOINT", f"{bucket}/account")
    with pytest.raises(InputProblem, match="not to be had") as problem:
        rows("az://desk/exports/t.csv")
    assert "s3cr3t" not in str(problem.value)
    environment.setenv("AZURE_STORAGE_ACCOUNT_KEY", "c2VjcmV0")
    assert rows("az://desk/exports/t.csv") == PLAIN


def test_object_stores_need_their_package(environment: pytest.MonkeyPatch) -> None:
    environment.setitem(sys.modules, "obstore", None)
    with pytest.raises(InputProblem, match=r"pip install 'cxkpi\[cloud\]'"):
        rows("s3://desk/t.csv")


SHEET = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz"
EXPORT = f"{SHEET}/export?format=csv"


@pytest.mark.parametrize(
    ("link", "export"),
    [
        (SHEET, EXPORT),
        (f"{SHEET}/", EXPORT),
        (f"{SHEET}/edit", EXPORT),
        (f"{SHEET}/edit?usp=sharing", EXPORT),
        (f"{SHEET}/edit#gid=12", f"{EXPORT}&gid=12"),
        (f"{SHEET}/edit?gid=3#gid=3", f"{EXPORT}&gid=3"),
        (f"{SHEET}/view#gid=0", f"{EXPORT}&gid=0"),
        (f"{SHEET}/htmlview", EXPORT),
        (f"{SHEET}/export?format=csv&gid=7", f"{EXPORT}&gid=7"),
        (f"{SHEET}/export?format=xlsx", f"{SHEET}/export?format=xlsx"),
    ],
)
def test_a_link_to_a_sheet_of_google_is_its_export(
    link: str, export: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(remote, "fetch", lambda url, _: asked.append(url) or TEXT.encode())
    (frame,) = open_all([link], allow_remote=True)
    assert asked == [export]
    assert frame.frame.collect().rows() == PLAIN
    assert frame.path == shown(link)
    assert "1AbCdE…" in frame.path
    assert "GhIj" not in frame.path + shown(export) + shown(f"in {link}")
    assert shown(frame.path) == frame.path


def test_a_link_to_a_sheet_is_followed_where_that_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "fetch", lambda *_: pytest.fail("a connection was opened"))
    with pytest.raises(UsageProblem, match="--allow-remote") as problem:
        open_all([f"{SHEET}/edit"])
    assert "GhIj" not in str(problem.value)


def test_two_pages_of_a_sheet_have_two_names() -> None:
    assert shown(f"{SHEET}/edit#gid=1") != shown(f"{SHEET}/edit#gid=2")
    assert shown("https://docs.google.com.evil.example/spreadsheets/d/1AbCdEfGh?x=s3cr3t").endswith(
        "1AbCdEfGh"
    )
