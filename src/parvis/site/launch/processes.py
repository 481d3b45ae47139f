"""Children that never outlive Parvis."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `signal_number` to the child when its parent (thread) dies, even by SIGKILL.

    Linux only; elsewhere a killed supervisor leaves children that the next start stops.
    """
    parent = os.getpid()

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(signal_number))
            if os.getppid() != parent:  # died between fork and prctl
                os._exit(1)

    return prepare


def is_alive(pid: int, program: str, folder: Path) -> bool:
    """Whether `pid` is `program` (not another process that took its number) and works on `folder`."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    command = _command_of(pid)
    return program in command and str(folder) in command


def _command_of(pid: int) -> str:
    proc = Path(f"/proc/{pid}")
    if Path("/proc/self").exists():
        try:
            return (proc / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    done = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout
