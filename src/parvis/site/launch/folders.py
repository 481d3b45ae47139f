"""Where the code is, and what one data folder (PARVIS_DATA) holds."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from parvis.site.launch.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[4]
DEMO = ROOT / ".data" / "demo"


class LaunchError(Exception):
    """Parvis cannot start or go on; the message is French and says what to do next."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One PARVIS_DATA: `pg/`, `files/`, `keys/`, `logs/`, `secret_key`, and `demo.json`, what the demo data are."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "pg"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def _marker(self) -> Path:
        return self.root / ".parvis"

    def prepare(self) -> None:
        """Create what is missing."""
        self.prepare_root()
        for name in ("files", "keys", "logs"):
            folder = self.root / name
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)

    def prepare_root(self) -> None:
        """Make the folder itself; it lets others through (x), for the account that PostgreSQL runs under."""
        if self.root.exists() and not self.root.is_dir():
            raise LaunchError(f"{self.root} n’est pas un dossier. Choisissez-en un autre avec --data.")
        for parent in reversed([p for p in (self.root, *self.root.parents) if not p.exists()]):
            parent.mkdir(exist_ok=True)
            parent.chmod(0o711)
        if not any(self.root.iterdir()):
            self._marker.touch()

    def secret_key(self) -> str:
        """Made once, readable by its owner only."""
        path = self.root / "secret_key"
        if not path.exists():
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(64))
        return path.read_text(encoding="ascii").strip()

    def erase(self) -> None:
        """Remove everything that Parvis put here, and nothing else. Raises LaunchError if the folder is not ours."""
        if not self.root.exists():
            return
        if not self._marker.exists() and any(self.root.iterdir()):
            raise LaunchError(
                f"{self.root} n’a pas été créé par Parvis : --fresh ne l’efface pas. "
                "Choisissez un autre dossier avec --data."
            )
        self.forget_loaded()  # first: an interrupted erasure must not look loaded
        EmbeddedPostgres(self.database).destroy()
        for name in ("files", "keys", "logs"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        (self.root / "secret_key").unlink(missing_ok=True)

    def loaded(self) -> dict[str, str] | None:
        """`{"agglomeration", "said"}` of the demo data loaded here, None when there are none."""
        try:
            found = json.loads((self.root / "demo.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return {str(key): str(value) for key, value in found.items()}

    def forget_loaded(self) -> None:
        (self.root / "demo.json").unlink(missing_ok=True)

    def remember_loaded(self, agglomeration: str, said: str) -> None:
        draft = self.root / "demo.json.new"
        draft.write_text(json.dumps({"agglomeration": agglomeration, "said": said}), encoding="utf-8")
        draft.replace(self.root / "demo.json")


def data_folder(given: str | None = None) -> DataFolder:
    """`--data`, else PARVIS_DATA, else the demo's folder beside the code."""
    chosen = given or os.environ.get("PARVIS_DATA") or str(DEMO)
    return DataFolder(Path(os.path.abspath(chosen)))
