"""Try a bundle out in a process of its own: parse it and begin each of its processes.

SpiffWorkflow's parser can run for ever on a file that is valid. So the first reading of a file
that somebody brings happens where it can be ended. The child lives on between trials, because it
takes longer to begin than to parse.
"""

import atexit
import base64
import selectors
import subprocess
import sys
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType
from typing import IO, Any

import orjson

#: Seconds that the first reading of a bundle may take.
TIME_LIMIT = 10
#: Bytes of memory that it may take.
MEMORY_LIMIT = 4 << 30


class Child:
    """The process that tries bundles out; begun when it is needed first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.end)

    def ask(self, files: Mapping[str, bytes], seconds: float) -> tuple[str, str]:
        """Return the rule that a bundle breaks and its detail; two empty texts for none."""
        sent = {name: base64.b64encode(content).decode() for name, content in files.items()}
        with self._lock:
            process = self._running()
            try:
                stdin, stdout = _pipes(process)
                stdin.write(orjson.dumps(sent) + b"\n")
                stdin.flush()
                ready = _answers(stdout, seconds)
                line = stdout.readline() if ready else b""
            except BrokenPipeError:
                ready, line = True, b""
            except BaseException:  # what was asked would be answered to the next question
                self.end()
                raise
            if not line:
                self.end()
                return ("parse", "the reader broke off") if ready else ("time-limit", str(seconds))
            rule, detail = orjson.loads(line)
            return rule, detail

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "engine.spiff.trial"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe)  # noqa: S603
        return self._process

    def end(self) -> None:
        """End the child; the next question begins a new one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _answers(stdout: IO[bytes], seconds: float) -> bool:
    """Wait for the first byte of an answer; False when the time is over."""
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        return bool(selector.select(seconds))


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    return process.stdin, process.stdout


_child = Child()


def trial(files: Mapping[str, bytes], seconds: float = TIME_LIMIT) -> tuple[str, str]:
    """Return the rule that a bundle breaks and its detail; two empty texts when it can be run."""
    return _child.ask(files, seconds)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # where the system knows no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def _try(files: Mapping[str, bytes]) -> tuple[str, str]:
    from engine.spiff import codec  # noqa: PLC0415
    from engine.spiff.parser import parse  # noqa: PLC0415
    from engine.spiff.runtime import TREE_LIMIT  # noqa: PLC0415
    from engine.spiff.stepping import CaseWorkflow  # noqa: PLC0415

    try:
        bundle = parse(files)
        for key, spec in bundle.specs.items():
            workflow = CaseWorkflow(spec, bundle.called[key])
            if len(workflow.tasks) > TREE_LIMIT:
                return "parse", f"{key}: more than {TREE_LIMIT} steps at once"
            codec.load(codec.dump(workflow), bundle)
    except Exception as error:  # noqa: BLE001  (whatever it is, the file cannot be run)
        return "parse", f"{type(error).__name__}: {error}"[:500]
    return "", ""


def main(source: IO[bytes], answers: IO[bytes]) -> None:
    """Answer one line with one line, until there are no more."""
    _limit_memory()
    for line in source:
        files: Mapping[str, Any] = MappingProxyType(orjson.loads(line))
        answer = _try({name: base64.b64decode(content) for name, content in files.items()})
        answers.write(orjson.dumps(answer) + b"\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
