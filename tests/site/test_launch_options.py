"""What the commands accept, refuse, and pass on."""

import tarfile
from pathlib import Path

import pytest

from parvis.site.launch import backup, checks, demo, serve
from parvis.site.launch.folders import ROOT, DataFolder, LaunchError
from parvis.site.settings import libpq_options, login


def test_each_agglomeration_has_its_own_demo_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PARVIS_DATA", raising=False)
    monkeypatch.chdir(tmp_path)

    def folder(*words: str) -> Path:
        return demo.folder_for(demo.arguments(list(words))).root

    assert folder() == ROOT / ".data" / "demo"
    assert folder("--agglomeration", "dijon") == ROOT / ".data" / "demo-dijon"
    assert folder("--agglomeration", "dijon", "--data", "here") == tmp_path / "here"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "80000"], "--port"),
        (["--port", "http"], "--port"),
        (["--workers", "0"], "--workers"),
        (["--agglomeration", "../x"], "--agglomeration"),
        (["--prot", "80"], "--prot 80"),
    ],
)
def test_a_mistake_is_named_in_french(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        demo.arguments(words)
    assert exit_.value.code == 2
    assert said in capsys.readouterr().err


def test_fresh_erases_only_what_parvis_made(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    (foreign / "files").mkdir(parents=True)
    (foreign / "files" / "letter").touch()
    with pytest.raises(LaunchError, match="--fresh"):
        DataFolder(foreign).erase()
    assert (foreign / "files" / "letter").exists()

    ours = DataFolder(tmp_path / "ours")
    ours.prepare()
    key = ours.secret_key()
    ours.remember_loaded("m2a", "Camille")
    (ours.root / "note.txt").touch()
    assert (ours.root / "secret_key").stat().st_mode & 0o777 == 0o600
    ours.erase()
    assert (ours.loaded(), (ours.root / "note.txt").exists(), ours.secret_key() != key) == (None, True, True)


def test_production_names_every_setting_that_is_missing_or_unsafe(tmp_path: Path) -> None:
    names = ("PARVIS_DATABASE_URL", "PARVIS_SECRET_KEY", "PARVIS_DATA", "PARVIS_PUBLIC_URL", "PARVIS_LOG_ORIGIN")
    assert sorted(problem.split()[0] for problem in serve.problems_of({})) == sorted(names)
    good = {
        "PARVIS_DATABASE_URL": "postgresql://parvis_app@/parvis",
        "PARVIS_SECRET_KEY": "x" * serve.SHORTEST_SECRET,
        "PARVIS_DATA": str(tmp_path),
        "PARVIS_PUBLIC_URL": "https://parvis.example",
        "PARVIS_LOG_ORIGIN": "parvis.example/registre",
    }
    assert serve.problems_of(good) == []
    for name, value in (("PARVIS_SECRET_KEY", "x" * 49), ("PARVIS_PUBLIC_URL", "http://a.fr"), ("PARVIS_DATA", "/no")):
        (problem,) = serve.problems_of(good | {name: value})
        assert problem.startswith(name)
    (unreachable,) = serve.database_problems("postgresql://x@127.0.0.1:1/y")
    assert "PARVIS_DATABASE_URL" in unreachable


LACKING = (
    "PARVIS_EDGE_SECRET", "PARVIS_MAIL_URL", "PARVIS_TSA_URL", "PARVIS_CLAMD", "PARVIS_CLIENT_IP_HEADER",
    "PARVIS_ANTS_HUBS", "PARVIS_ANTS_COORDINATION_URL", "PARVIS_SMS_URL", "PARVIS_GEOCODING_URL",
)  # fmt: skip


def named(lines: list[str]) -> list[str]:
    """The variable that each line begins with; a line is one sentence."""
    assert all(line.startswith("sans PARVIS_") and line.endswith(".") and "\n" not in line for line in lines)
    return [line.removeprefix("sans ").split(",")[0] for line in lines]


def test_what_production_lacks_is_said_a_line_each() -> None:
    assert named(serve.warnings_of({})) == list(LACKING)
    keys = {"PARVIS_SMS_TOKEN": "k", "PARVIS_ANTS_COORDINATION_TOKEN": "k"}
    assert serve.warnings_of(dict.fromkeys(LACKING, "x") | keys) == []


@pytest.mark.parametrize("name", LACKING)
def test_what_is_set_is_no_longer_missed(name: str) -> None:
    assert name not in named(serve.warnings_of({name: "x"}))


@pytest.mark.parametrize("service", ["PARVIS_SMS", "PARVIS_ANTS_COORDINATION"])
def test_a_key_is_missed_only_where_its_service_is_called(service: str) -> None:
    address, key = f"{service}_URL", f"{service}_TOKEN"
    assert key not in named(serve.warnings_of({}))
    assert key in named(serve.warnings_of({address: "https://service.example"}))
    assert key not in named(serve.warnings_of({address: "https://service.example", key: "k"}))


def test_what_the_database_s_address_asks_of_tls_is_kept() -> None:
    url = "postgresql://parvis_app:a%40b@base.example:6432/parvis?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    assert libpq_options(url) == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert login(url)["PASSWORD"] == "a@b"
    assert libpq_options("postgresql://parvis_app@/parvis?host=/run/postgresql&port=5433") == {}


def test_everything_runs_in_parallel_and_one_file_alone() -> None:
    assert checks.test_command([], 2)[-6:] == ("-n", "2", "--dist", "loadfile", "-m", "not bench")
    assert checks.test_command([], 1)[-2:] == ("-m", "not bench")
    assert checks.test_command(["-m", "bench"], 1)[-2:] == ("-m", "bench")
    assert checks.test_command(["tests/kit", "-x"], 2)[-3:] == ("pytest", "tests/kit", "-x")


def _archive(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "bid.age").write_bytes(b"sealed")
    dump = tmp_path / "dump"
    dump.write_bytes(b"rows")
    with open(tmp_path / "a.tar", "wb") as out:
        backup._write(out, DataFolder(tmp_path), {"database.dump": dump}, "now")
    return tmp_path / "a.tar"


def test_a_backup_gives_back_the_same_bytes_and_a_changed_one_is_refused(tmp_path: Path) -> None:
    archive = _archive(tmp_path)
    backup._extract(archive, tmp_path / "back")
    assert (tmp_path / "back" / "files" / "bid.age").read_bytes() == b"sealed"
    archive.write_bytes(archive.read_bytes().replace(b"sealed", b"Sealed"))
    with pytest.raises(LaunchError, match=r"files/bid\.age"):
        backup._extract(archive, tmp_path / "again")


def test_a_backup_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    for name in ("files/../../evil", "/files/evil", "elsewhere/evil"):
        with tarfile.open(tmp_path / "evil.tar", "w") as archive:
            archive.addfile(tarfile.TarInfo(name))
        with pytest.raises(LaunchError, match="evil"):
            backup._extract(tmp_path / "evil.tar", tmp_path / "inside")
    assert not (tmp_path / "evil").exists()
