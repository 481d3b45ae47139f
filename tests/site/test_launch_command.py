"""The file `parvis`: what it takes from the environment, and when it has nothing to do."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The launcher as a module, working on an empty folder."""
    loader = importlib.machinery.SourceFileLoader("parvis_command", str(ROOT / "parvis"))
    spec = importlib.util.spec_from_loader("parvis_command", loader)
    assert spec is not None
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "LOG", tmp_path / ".data" / "setup.log")
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements").mkdir()
    for name in ("base", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(name)
    return module


def _stand_ins(command: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []

    def make_venv() -> None:
        done.append("venv")
        (command.VENV / "bin").mkdir(exist_ok=True)
        (command.VENV / "bin" / "python").touch()

    def install_node_packages() -> None:
        done.append("node")
        (command.ROOT / "frontend" / "node_modules").mkdir(exist_ok=True)

    def build_frontend() -> None:
        done.append("frontend")
        built = command.ROOT / "src/parvis/kit/static/kit/build.json"
        built.parent.mkdir(parents=True, exist_ok=True)
        built.touch()

    monkeypatch.setattr(command, "make_venv", make_venv)
    monkeypatch.setattr(command, "install", done.append)
    monkeypatch.setattr(command, "install_node_packages", install_node_packages)
    monkeypatch.setattr(command, "build_frontend", build_frontend)
    return done


def test_each_step_runs_once_then_again_only_when_its_sources_change(
    command: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = _stand_ins(command, monkeypatch)
    frontend = command.ROOT / "frontend"
    frontend.mkdir()
    for name in ("build.mjs", "package-lock.json"):
        (frontend / name).write_text(name)

    command.prepare("manage")
    assert done == ["venv", "base"]
    command.prepare("test")
    assert done[2:] == ["dev", "node", "frontend"]
    command.prepare("test")
    assert len(done) == 5

    (frontend / "node_modules" / "changed.js").touch()
    command.prepare("test")
    assert len(done) == 5
    (frontend / "page.ts").write_text("new")
    command.prepare("manage")
    assert len(done) == 5
    command.prepare("demo")
    assert done[5:] == ["frontend"]
    (command.ROOT / "requirements" / "base.txt").write_text("other")
    command.prepare("manage")
    assert done[6:] == ["base"]


def test_a_step_that_failed_is_tried_again(command: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    _stand_ins(command, monkeypatch)
    tries = []

    def fail(name: str) -> None:
        tries.append(name)
        raise command.SetupError("non")

    monkeypatch.setattr(command, "install", fail)
    for _ in range(2):
        with pytest.raises(command.SetupError):
            command.prepare("manage")
    assert tries == ["base", "base"]


def test_a_failed_program_shows_the_end_of_its_output_and_the_advice(command: ModuleType) -> None:
    command.LOG.parent.mkdir()
    with pytest.raises(command.SetupError, match=r"(?s)Que faire\..*setup\.log.*trouble"):
        command.run([sys.executable, "-c", "print('trouble'); raise SystemExit(3)"], "Que faire.")


def test_only_the_network_settings_of_pip_are_kept(command: ModuleType) -> None:
    given = {
        "PATH": "/bin",
        "PIP_INDEX_URL": "https://mirror.example",
        "PIP_USER": "1",
        "PIP_TARGET": "/elsewhere",
        "PIP_CONSTRAINT": "other.txt",
        "PYTHONPATH": "/elsewhere",
        "PYTHONHOME": "/elsewhere",
    }
    found = command.clean_environment(given)
    assert found["PIP_INDEX_URL"] == "https://mirror.example"
    assert found["PIP_USER"] == "0"
    assert not {"PIP_TARGET", "PIP_CONSTRAINT", "PYTHONPATH", "PYTHONHOME"} & set(found)
    assert found["PATH"] == f"{command.VENV / 'bin'}{os.pathsep}/bin"
    assert found["HOME"] == str(command.ROOT / ".data" / "home")


def test_help_and_mistakes_need_no_set_up(tmp_path: Path) -> None:
    alone = tmp_path / "parvis"
    alone.write_bytes((ROOT / "parvis").read_bytes())
    environment = {"PATH": os.environ["PATH"]}

    def answer(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(alone), *words], env=environment, cwd="/", capture_output=True, text=True, check=False
        )

    for words in ((), ("help",), ("demo", "--help")):
        shown = answer(*words)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "--agglomeration" in shown.stdout
    wrong = answer("demos")
    assert wrong.returncode == 2
    assert "demos" in wrong.stderr
    assert "./parvis help" in wrong.stderr
    assert not (tmp_path / ".venv").exists()


def test_every_command_of_the_help_is_dispatched(command: ModuleType) -> None:
    from parvis.site.launch import __main__ as inside

    assert set(command.COMMANDS) == set(inside.COMMANDS)
    assert all(f"\n  {name} " in command.HELP for name in command.COMMANDS)
