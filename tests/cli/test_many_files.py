"""Many files of one kind are read as one: the figures of one file, and notices of each file."""

import json

import polars as pl
import pytest

from cx_kpi.read.containers.same_columns import with_same_columns
from cx_kpi.read.open import open_file

HEAD = "ticket_id,created_at,solved_at,status,channel"


def rows(first: int, count: int) -> list[str]:
    return [
        f"T-{n},2025-{1 + n % 9:02}-{1 + n % 28:02} 10:00:00,2025-{1 + n % 9:02}-{1 + n % 28:02} 12:{n % 60:02}:00,solved,email"
        for n in range(first, first + count)
    ]


def report(cxkpi, path) -> dict:
    return json.loads(cxkpi("report", str(path), "-f", "json").out)


@pytest.fixture
def folders(tmp_path):
    one, many = tmp_path / "one", tmp_path / "many"
    one.mkdir(), many.mkdir()
    lines = rows(0, 60)
    (one / "tickets.csv").write_text("\n".join([HEAD, *lines]) + "\n")
    for place in range(6):
        part = "\n".join([HEAD, *lines[10 * place : 10 * place + 10]])
        (many / f"tickets_{place}.csv").write_text(part + "\n" * (place % 2))
    return one, many


def test_figures_are_those_of_one_file(cxkpi, folders):
    one, many = (report(cxkpi, each) for each in folders)
    assert one["metrics"] == many["metrics"]
    assert one["series"] == many["series"]
    assert [each["rows"] for each in many["sources"]] == [10] * 6


@pytest.mark.parametrize(
    ("damage", "counted"),
    [
        (lambda text: text.replace("2025-", "soon ", 1), ("set_aside", 1)),
        (lambda text: text + "T-1,only,three\n", ("set_aside", 1)),
        (lambda text: text.replace("T-25,", "T-24,"), ("set_aside", 1)),
        (lambda text: text.replace(",solved,", ",awaiting courier,", 1), ("set_aside", 0)),
    ],
)
def test_one_odd_file_is_told_of_by_itself(cxkpi, folders, damage, counted):
    _, many = folders
    odd = many / "tickets_2.csv"
    odd.write_text(damage(odd.read_text().rstrip() + "\n"))
    name, count = counted
    found = report(cxkpi, many)["sources"]
    assert [each[name] for each in found] == [count * (each["path"] == str(odd)) for each in found]


def test_a_file_with_days_and_months_the_other_way_round_is_read_its_own_way(cxkpi, tmp_path):
    folder = tmp_path / "dates"
    folder.mkdir()
    for name, form in (("a_1", "{d:02}/{m:02}/2025 10:00"), ("a_2", "{m:02}/{d:02}/2025 10:00")):
        lines = [f"{name}-{n}," + form.format(d=13 + n, m=3) for n in range(10)]
        (folder / f"{name}.csv").write_text("\n".join(["ticket_id,created_at", *lines]) + "\n")
    made = report(cxkpi, folder)
    assert made["metrics"]["tickets_created"]["value"] == 20
    assert made["window"]["start"][:7] == "2025-03"
    assert made["window"]["end"] <= "2025-04-01"


def test_parquet_files_too(cxkpi, folders, tmp_path):
    one, _ = folders
    folder = tmp_path / "parquet"
    folder.mkdir()
    whole = pl.read_csv(one / "tickets.csv", try_parse_dates=True)
    for place, part in enumerate(whole.iter_slices(20)):
        part.write_parquet(folder / f"tickets_{place}.parquet")
    whole.write_parquet(tmp_path / "whole.parquet")
    many, alone = report(cxkpi, folder), report(cxkpi, tmp_path / "whole.parquet")
    assert many["metrics"] == alone["metrics"]
    assert [each["rows"] for each in many["sources"]] == [20, 20, 20]


def test_files_of_our_own_beside_them_are_left_out(cxkpi, folders):
    _, many = folders
    for name in ("x_1.csv", "x_2.csv"):
        (many / name).write_text("section,metric,title,unit,measure\nseries,a,b,c,d\nseries,a,b,c,d\n")
    made = report(cxkpi, many)
    assert [each["code"] for each in made["notices"]].count("own_output") == 2
    assert made["metrics"]["tickets_created"]["value"] == 60


def test_no_page_gets_longer_with_every_file_that_is_odd(cxkpi, folders, tmp_path):
    folder, _ = folders
    sizes = []
    for count in (210, 260):
        for place in range(count):
            (folder / f"empty_{place}.csv").touch()
        made = report(cxkpi, folder)
        assert [each["code"] for each in made["notices"]].count("empty_file") == count
        assert len(made["sources"]) == count + 1
        for command in ("report", "check"):
            for kind in ("html", "md"):
                out = tmp_path / f"{command}.{kind}"
                cxkpi(command, str(folder), "-o", str(out))
                sizes.append(len(out.read_text()))
                assert "more notices" in out.read_text()
        assert f"and {count - 199} more" in (tmp_path / "report.md").read_text()
        assert f"{count - 99} more files" in cxkpi("check", str(folder)).out
    assert all(abs(after - before) < 100 for before, after in zip(sizes[:4], sizes[4:], strict=True))


def test_a_page_shows_the_latest_days_and_the_largest_segments(cxkpi, tmp_path):
    """Data outputs hold all of them."""
    agents, days = 1_500, 600
    number = pl.int_range(6_000)
    first = pl.datetime(2024, 1, 1) + pl.duration(days=number * days // 6_000, hours=9)
    frame = pl.select(
        ticket_id=number,
        created_at=first,
        solved_at=first + pl.duration(minutes=number % 90 + 1),
        status=pl.lit("solved"),
        channel=pl.lit("email"),
        agent=pl.when(number < 1_000).then(pl.lit("busy")).otherwise(pl.format("agent {}", number % agents)),
    )
    frame.write_parquet(tmp_path / "tickets.parquet")
    asked = ("report", str(tmp_path / "tickets.parquet"), "--by", "agent", "--period", "day")
    outputs = [tmp_path / f"report.{kind}" for kind in ("html", "md", "json")]
    cxkpi(*asked, *(each for path in outputs for each in ("-o", str(path))))
    page, text, data = (path.read_text() for path in outputs)
    assert len(page) < 2_000_000
    assert len(text) < 1_500_000
    assert "largest of 1,501 segments" in page
    assert "latest" in page
    assert ">busy<" in page
    assert {each["by"]["agent"] for each in json.loads(data)["segments"]} > {"busy", "agent 1"}
    assert len({each["by"]["agent"] for each in json.loads(data)["segments"]}) == agents + 1


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_typed_files_of_one_folder_are_one_scan_that_passes_over_those_outside_a_slice(tmp_path, suffix):
    tables = [pl.DataFrame({" ticket_id ": [f"T-{place}-{n}" for n in range(4)]}) for place in range(3)]
    paths = [tmp_path / f"tickets_{place}.{suffix}" for place in range(3)]
    for table, path in zip(tables, paths, strict=True):
        table.write_parquet(path) if suffix == "parquet" else table.write_ipc(path)
    (found,) = with_same_columns([open_file(path) for path in paths])
    assert "UNION" not in found.frame.explain()
    assert found.frame.collect()["ticket_id"].to_list() == pl.concat(tables).to_series().to_list()
    assert found.frame.slice(9, 2).collect()["ticket_id"].to_list() == ["T-2-1", "T-2-2"]


def test_typed_files_whose_headers_differ_in_spaces_are_one_too(tmp_path):
    paths = [tmp_path / f"tickets_{place}.parquet" for place in range(2)]
    for place, path in enumerate(paths):
        pl.DataFrame({"ticket_id" + " " * place: [f"T-{place}"]}).write_parquet(path)
    (found,) = with_same_columns([open_file(path) for path in paths])
    assert found.frame.collect()["ticket_id"].to_list() == ["T-0", "T-1"]


@pytest.mark.parametrize("kinds", [("ipc", "ipc"), ("ipc", "parquet"), ("parquet", "ipc")])
@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_typed_files_are_read_by_what_they_are_whatever_their_suffix(tmp_path, suffix, kinds):
    paths = [tmp_path / f"tickets_{place}.{suffix}" for place in range(2)]
    for place, (path, kind) in enumerate(zip(paths, kinds, strict=True)):
        getattr(pl.DataFrame({"ticket_id": [f"T-{place}"]}), f"write_{kind}")(path)
    (found,) = with_same_columns([open_file(path) for path in paths])
    assert found.frame.collect()["ticket_id"].to_list() == ["T-0", "T-1"]
