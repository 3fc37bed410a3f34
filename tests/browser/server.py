"""The real server as a process of its own, and the Chromium of the machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from time import monotonic
from urllib.request import urlopen

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
#: The tests run as root in containers, and nothing but our own server is to be asked.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
#: What the server prints last.
READY = "Ctrl-C stops the server."
#: Seconds after which a start or a stop has failed.
PATIENCE = 60


def chromium() -> str | None:
    """Return the path of a Chromium; None where the machine has none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch(playwright: Playwright, path: str) -> Browser:
    """Start the browser."""
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


@dataclass
class Server:
    """One run of ``kartabl serve --demo``."""

    data: Path
    address: str
    process: subprocess.Popen[str]
    errors: Path
    #: Seconds from the command to its first page, without those in which other programs ran.
    took: float = 0.0
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        """What the server has printed."""
        return "\n".join(self.lines)

    def await_ready(self) -> None:
        """Read what is printed until the server greets, then ask it for a page."""
        begun = monotonic()
        alarm = Timer(PATIENCE, self.process.kill)
        alarm.start()
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))
            if READY in line:
                break
        alarm.cancel()
        assert READY in self.output, f"{self.output}\n{self.errors.read_text()}"
        with urlopen(f"{self.address}/login", timeout=PATIENCE) as answer:  # noqa: S310
            assert answer.status == 200
        self.took = monotonic() - begun - self._queued()

    def _queued(self) -> float:
        """Return the seconds that the server was ready to run and others had the processors.

        Linux counts them; elsewhere a busy machine counts as a slow server.
        """
        counts = Path(f"/proc/{self.process.pid}/schedstat")
        return int(counts.read_text().split()[1]) / 1e9 if counts.exists() else 0.0

    def stop(self) -> int:
        """Press Ctrl-C; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.lines += rest.splitlines()
        return self.process.returncode


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path) -> Server:
    """Start a server on a data folder and wait until it answers."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell lets its background jobs ignore Ctrl-C, and the server would inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    data.mkdir(parents=True, exist_ok=True)
    port, errors = free_port(), data / "stderr.txt"
    command = [Path(sys.executable).with_name("kartabl"), "serve", "--demo", "--port", str(port)]
    ours = {key: value for key, value in os.environ.items() if not key.startswith("KARTABL_")}
    with errors.open("w") as sink:
        process = subprocess.Popen(
            command,
            env={**ours, "KARTABL_DATA_DIR": str(data)},
            stdout=subprocess.PIPE,
            stderr=sink,
            text=True,
        )
    server = Server(data, f"http://127.0.0.1:{port}", process, errors)
    server.await_ready()
    return server


@contextmanager
def running(data: Path) -> Iterator[Server]:
    """Run a server for a while; it must end by Ctrl-C, cleanly and without a fault."""
    server = start(data)
    try:
        yield server
    finally:
        code = server.stop()
    assert code == 0, server.output
    assert server.lines[-1] == "Stopped."
    assert "Traceback" not in server.errors.read_text(), server.errors.read_text()
