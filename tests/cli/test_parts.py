"""Parts on the command line: what they hold, what merge says and writes, and what it refuses."""

import contextlib
import json
import shutil
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from cx_kpi.cli.app import run
from cx_kpi.engine.planning import few_rows
from cx_kpi.model.errors import Exit
from cx_kpi.store.parts.build import part_build

SECRETS = ("TICKET", "CUSTOMER", "courier", "Ivanova")


def export(name, first=0, days=60, start="2026-01-01", team="north", each=3):
    """An export of one team, some tickets a day."""
    begin = datetime.fromisoformat(start)
    lines = ["ticket_id,created_at,solved_at,status,channel,team,customer_id,comment,csat"]
    for day in range(days):
        for turn in range(each + (day * 7) % 4):
            created = begin + timedelta(days=day, hours=9 + turn)
            number = first + day * 20 + turn
            solved = created + timedelta(hours=2 + number % 30)
            lines.append(
                f"TICKET-{number:06},{created},{solved},solved,{('email', 'chat')[number % 2]},{team},"
                f"CUSTOMER-{number % 97},the courier of Ivanova,{number % 5 + 1}"
            )
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The exports of two teams and their parts, built once."""
    place = tmp_path_factory.mktemp("teams")
    with contextlib.chdir(place):
        for number, team in enumerate(("north", "south")):
            export(f"{team}.csv", number * 10_000, team=team, each=3 + number)
            made = ("build", "-q", "-o", f"{team}.part", f"{team}.csv", "--by", "team", "--by", "channel")
            assert run(made) == Exit.DONE
    return place


@pytest.fixture
def parts(built, desk, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    for each in built.iterdir():
        shutil.copy2(each, desk)
    return ["north.part", "south.part"]


def tables(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        yield from ((name, archive.read(name)) for name in archive.namelist())


@pytest.mark.parametrize(("most", "engine"), [(100_000, "in-memory"), (0, "auto")])
def test_few_rows_are_summed_in_the_engine_that_suits_so_few(desk, monkeypatch, most, engine):
    used, plainly = set(), part_build.days_of

    def days_of(*given):
        used.add(pl.Config.state()["POLARS_ENGINE_AFFINITY"])
        return plainly(*given)

    monkeypatch.setattr(part_build, "days_of", days_of)
    monkeypatch.setattr(few_rows, "FEW", most)
    with pl.Config(set_engine_affinity="auto"):
        assert run(("build", "-q", "-o", "few.part", export("few.csv", days=9))) == Exit.DONE
    assert used == {engine}


def test_a_part_holds_no_id_no_customer_and_no_comment(parts):
    for path in parts:
        for name, data in tables(path):
            if name.endswith(".json"):
                text = data.decode()
            else:
                table = pl.read_parquet(BytesIO(data))
                numbers = [table[each].max() for each in table.columns if table[each].dtype.is_integer()]
                assert max((each for each in numbers if each), default=0) < 10**9  # no hash of an id
                text = table.write_json()
            assert [secret for secret in SECRETS if secret in text] == [], name
        assert not any(secret.encode() in Path(path).read_bytes() for secret in SECRETS)


def test_the_report_of_parts_is_that_of_all_files(parts, cxkpi):
    given = ("--by", "team", "--by", "channel", "-f", "json")
    merged = json.loads(cxkpi("merge", *parts, *given).out)
    whole = json.loads(cxkpi("report", "north.csv", "south.csv", *given).out)
    for name in ("tickets_created", "tickets_solved", "resolution_time", "csat"):
        if name in whole["metrics"]:
            one, other = (each["metrics"][name] for each in (merged, whole))
            assert (one["value"], one["n"]) == (pytest.approx(other["value"]), other["n"]), name
    counts = [
        {str(each["by"]): each["n"] for each in report["segments"] if each["metric"] == "tickets_created"}
        for report in (merged, whole)
    ]
    assert counts[0] == counts[1]
    assert len(counts[0]) == 4
    assert merged["metrics"]["resolution_time"]["details"]["approximate"] is True


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_format_in_both_languages(parts, cxkpi, language):
    made = [Path(f"group.{kind}") for kind in ("html", "md", "csv", "json", "xlsx", "eml")]
    ran = cxkpi("merge", *parts, "--lang", language, *(f"-o{path}" for path in made))
    assert ran.code == Exit.DONE, ran.err
    assert [path for path in made if path.stat().st_size <= 1000] == []


def test_months_add_up_to_a_year_and_windows_are_made_of_weeks(cxkpi, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place, (start, days) in enumerate((("2026-01-01", 31), ("2026-02-01", 28), ("2026-03-01", 31))):
        export(f"{place}.csv", place * 10_000, days, start)
        assert (
            cxkpi("build", "-q", "-o", f"{place}.part", f"{place}.csv", "--as-of", "2026-04-03").code
            == Exit.DONE
        )
    ran = cxkpi("merge", "0.part", "1.part", "2.part", "--period", "month", "-f", "json")
    points = json.loads(ran.out)["series"]
    months = {each["start"]: each["value"] for each in points if each["metric"] == "tickets_created"}
    assert months["2026-01-01"] > 90
    assert len(months) == 4
    ran = cxkpi("merge", "0.part", "1.part", "2.part", "--last", "1m", "-f", "json")
    assert json.loads(ran.out)["metrics"]["tickets_created"]["value"] == months["2026-03-01"]
    ran = cxkpi("merge", "0.part", "1.part", "--since", "2026-01-14")
    assert (ran.code, "a Monday or the first of a month" in ran.err) == (Exit.USAGE, True)
    ran = cxkpi("merge", "0.part", "1.part", "--period", "day")
    assert (ran.code, "weeks and months" in ran.err) == (Exit.USAGE, True)


def test_small_segments_are_withheld(cxkpi, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export("north.csv")
    rows = Path("north.csv").read_text(encoding="utf-8").splitlines()
    rows[1:4] = [row.replace("north", "tiny") for row in rows[1:4]]
    Path("north.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert cxkpi("build", "-q", "-o", "north.part", "north.csv", "--by", "team").code == Exit.DONE
    report = json.loads(cxkpi("merge", "north.part", "--by", "team", "-f", "json").out)
    tiny = {each["metric"]: each["value"] for each in report["segments"] if each["by"] == {"team": "tiny"}}
    assert tiny["tickets_created"] == 3  # a number of rows tells nothing of any of them
    assert "resolution_time" not in tiny
    assert "parts_few" in {each["code"] for each in report["notices"]}


def refused(cxkpi, *arguments, code=Exit.INPUT):
    ran = cxkpi("merge", *arguments)
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    return ran.err


def test_the_same_rows_are_refused(parts, cxkpi):
    text = Path("north.csv").read_text(encoding="utf-8")
    for name, content in (("again", text + "\n"), ("copy", text)):
        Path(f"{name}.csv").write_text(content, encoding="utf-8")
        made = cxkpi("build", "-q", "-o", f"{name}.part", f"{name}.csv", "--by", "team", "--by", "channel")
        assert made.code == Exit.DONE
    assert "the same number of tickets on every day" in refused(cxkpi, "north.part", "again.part")
    assert "both hold north.csv" in refused(cxkpi, "north.part", "copy.part")


def test_halves_of_one_file_by_a_condition_add_up(parts, cxkpi):
    for channel in ("email", "chat"):
        where = f"channel = '{channel}'"
        assert cxkpi("build", "-q", "-o", f"{channel}.part", "north.csv", "--where", where).code == Exit.DONE
    ran = cxkpi("merge", "email.part", "chat.part", "-f", "json")
    assert ran.code == Exit.DONE, ran.err
    whole = json.loads(cxkpi("merge", "north.part", "-f", "json").out)
    created = [each["metrics"]["tickets_created"]["value"] for each in (json.loads(ran.out), whole)]
    assert created[0] == created[1]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--tz", "Europe/Berlin"), "the same --tz"),
        (("--metrics", "tickets_created"), "the same --metrics"),
        (("--config", "other.toml"), "repeat_days differs"),
    ],
)
def test_parts_that_mean_something_else_are_refused(parts, cxkpi, options, why):
    Path("other.toml").write_text("repeat_days = 3\n", encoding="utf-8")
    assert cxkpi("build", "-q", "-o", "south.part", "south.csv", "--by", "team", *options).code == Exit.DONE
    assert why in refused(cxkpi, *parts)


def changed(path, **said):
    """The part with another account."""
    entries = dict(tables(path))
    account = json.loads(entries["account.json"]) | said
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, json.dumps(account) if name == "account.json" else data)


def test_other_versions_and_damage_are_refused(parts, cxkpi):
    whole = Path("north.part").read_bytes()
    changed("north.part", version="0.0.9")
    assert "made by cxkpi 0.0.9" in refused(cxkpi, *parts)
    changed("north.part", cxkpi_part=99)
    assert "format 99" in refused(cxkpi, *parts)
    changed("north.part", cxkpi_part=1, version="0.1.0", jobs="none")
    assert "damaged" in refused(cxkpi, *parts)
    for cut in (0, 10, len(whole) // 2, len(whole) - 10):
        Path("north.part").write_bytes(whole[:cut])
        refused(cxkpi, *parts)
    for place in range(40, len(whole), len(whole) // 23):
        Path("north.part").write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        ran = cxkpi("merge", *parts, "-f", "json")
        assert ran.code in (Exit.DONE, Exit.INPUT), ran.err
    assert "is no part" in refused(cxkpi, "north.csv")
    assert "no parts" in refused(cxkpi, code=Exit.USAGE)


def test_cuts_that_a_part_lacks(parts, cxkpi):
    assert "no part was cut by that" in refused(cxkpi, *parts, "--by", "priority", code=Exit.USAGE)
    cxkpi("build", "-q", "-o", "south.part", "south.csv", "--by", "channel")
    assert "south.part was not cut by that" in refused(cxkpi, *parts, "--by", "team", code=Exit.USAGE)


def test_build_says_what_it_cannot_do(cxkpi, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export("north.csv")
    assert "name the part to write" in cxkpi("build", "north.csv").err
    assert "a part is called NAME.part" in cxkpi("build", "north.csv", "-o", "north.html").err
    assert cxkpi("build", "-o", "north.part").code == Exit.USAGE
    assert not Path("north.part").exists()
    Path("answers.csv").write_text("kind,score\ncsat,3\ncsat,4\n", encoding="utf-8")
    ran = cxkpi("build", "-o", "answers.part", "--surveys", "answers.csv")
    assert (ran.code, "no row has a date" in ran.err) == (Exit.INPUT, True)


def test_the_same_export_gives_the_same_bytes(parts, cxkpi):
    first = Path("north.part").read_bytes()
    ran = cxkpi("build", "-o", "north.part", "north.csv", "--by", "team", "--by", "channel")
    assert "no rows and no ids" in ran.out
    assert Path("north.part").read_bytes() == first


def test_the_history_of_a_group_is_that_of_all_its_exports(parts, cxkpi):
    given = ("--period", "month", "--metrics", "tickets_created,tickets_solved,csat")
    assert cxkpi("merge", *parts, *given, "--record", "group.sqlite", "-o", "group.json").code == Exit.DONE
    exports = ("north.csv", "south.csv")
    assert cxkpi("report", *exports, *given, "--record", "all.sqlite", "-o", "all.json").code == Exit.DONE
    assert tracks("group", cxkpi)
    assert tracks("group", cxkpi) == tracks("all", cxkpi)
    few = (*given[:2], "--metrics", "tickets_created")  # a run that knows less changes nothing
    before = tracks("group", cxkpi)
    assert cxkpi("merge", parts[0], *few, "--record", "group.sqlite").code == Exit.DONE
    assert cxkpi("report", exports[0], *few, "--record", "all.sqlite").code == Exit.DONE
    assert tracks("group", cxkpi) == tracks("all", cxkpi) == before


def tracks(name, cxkpi):
    return json.loads(cxkpi("history", "--record", f"{name}.sqlite", "-f", "json").out)["tracks"]


def test_medians_of_parts_are_another_way_to_count(parts, cxkpi):
    given = ("--metrics", "resolution_time", "--record", "both.sqlite", "-f", "json")
    assert cxkpi("report", "north.csv", "south.csv", *given).code == Exit.DONE
    found = json.loads(cxkpi("merge", *parts, *given).out)
    assert "history_used" not in {each["code"] for each in found["notices"]}


def test_merge_never_writes_into_a_part(parts, cxkpi):
    before = Path(parts[0]).read_bytes()
    ran = cxkpi("merge", *parts, "--record", parts[0])
    assert ran.code != Exit.DONE
    assert Path(parts[0]).read_bytes() == before
