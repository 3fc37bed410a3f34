"""``kartabl simulate`` as others call it: a command with files, and a process that they talk to."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.engine.bpmn import diagram, end, flow, path, script, start, user, xor
from web.cli import main

ROOT = Path(__file__).parents[2]
ONBOARDING = ROOT / "workflows" / "office_onboarding" / "process.bpmn"
MODEL = diagram(
    "p",
    start(),
    user("ask", form=""),
    xor("choice", default="f_choice_finish"),
    script("more", "n = n + 1"),
    end(),
    end("finish2"),
    path("begin", "ask", "choice", "finish"),
    flow("choice", "more", "n > 10"),
    flow("more", "finish2"),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder with one model, and be in it."""
    (tmp_path / "p.bpmn").write_bytes(MODEL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: str, text: str | bytes | None = None) -> tuple[int, Any, Result]:
    """Run the command; return its exit status and the JSON object that it printed."""
    result = CliRunner().invoke(main, ["simulate", *arguments], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, json.loads(result.stdout), result


@pytest.mark.usefixtures("folder")
def test_the_exit_status_tells_the_verdict() -> None:
    def outcome(*arguments: str) -> tuple[int, str]:
        status, told, result = call("p.bpmn", *arguments)
        assert result.stderr == ""
        return status, told["verdict"]

    assert outcome() == (0, "waiting")
    assert outcome("--auto") == (0, "completed")
    assert outcome("--process", "other") == (2, "refused")
    Path("answers.json").write_text('{"ask": {"n": "text"}}')
    assert outcome("--answers", "answers.json") == (3, "failed")
    assert outcome("--auto", "--max-steps", "0") == (3, "step_limit")


@pytest.mark.usefixtures("folder")
def test_answers_and_values_come_from_a_file_and_the_command_line() -> None:
    Path("answers.json").write_text('{"ask": [{"n": 11}]}')
    status, told, _ = call("p.bpmn", "--answers", "answers.json", "--data", '{"note": "سلام"}')
    assert (status, told["data"]) == (0, {"note": "سلام", "n": 12})
    assert [e["element_id"] for e in told["trace"]][-1] == "finish2"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ([], "no-diagram"),
        (["nowhere.bpmn"], "file-missing"),
        (["."], "file-missing"),
        (["p.bpmn", "p.bpmn"], "file-twice"),
        (["p.bpmn", "--data", "{"], "json"),
        (["p.bpmn", "--data", "[]"], "not-an-object"),
        (["p.bpmn", "--answers", "nowhere.json"], "file-missing"),
        (["p.bpmn", "--answers", "p.bpmn"], "json"),
        (["p.bpmn", "--message", "hello"], "message-unknown"),
        (["p.bpmn", "--message", "hello={"], "json"),
        (["p.bpmn", "--now", "soon"], "instant"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_both_languages(
    arguments: Sequence[str], rule: str
) -> None:
    status, told, _ = call(*arguments)
    assert (status, told["verdict"]) == (2, "refused")
    problem = next(p for p in told["problems"] if p["rule"] == rule)
    assert problem["message_fa"]
    assert problem["message_en"]


def test_messages_reach_the_case_from_the_command_line(folder: Path) -> None:
    caught = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition '
        'messageRef="reply"/></bpmn:intermediateCatchEvent>'
    )
    parts = (start(), caught, end(), path("begin", "wait", "finish"))
    (folder / "m.bpmn").write_bytes(diagram("m", *parts, messages="reply"))
    assert call("m.bpmn")[1]["waiting_for"]["messages"] == [{"id": "wait", "name": "reply"}]
    told = call("m.bpmn", "--message", 'reply={"yes": true}')[1]
    assert (told["verdict"], told["data"]) == ("completed", {"yes": True})


def test_the_procedure_runs_from_its_one_file_to_an_end() -> None:
    status, told, _ = call(str(ONBOARDING), "--auto", "--seed", "3", "--advance-time")
    assert (status, told["verdict"]) == (0, "completed")
    assert not [problem for problem in told["problems"] if problem["severity"] == "error"]
    passed = {entry["element_id"] for entry in told["trace"]}
    assert {"t_register_request", "s_register_office", "c_district_inquiry"} <= passed


@pytest.fixture(scope="module")
def server() -> Iterator["Server"]:
    """Start ``kartabl simulate --stdio`` as a process of its own."""
    started = Server()
    yield started
    rest, errors = started.process.communicate(timeout=60)
    assert (started.process.returncode, rest, errors) == (0, b"", b"")


class Server:
    """A process that answers one line with one line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from web.cli import main; main(['simulate', '--stdio'])"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": "random"},
        )

    def ask(self, request: Any) -> dict[str, Any]:
        """Send a request, or a line as it is, and return what is answered."""
        line = request if isinstance(request, bytes) else json.dumps(request).encode()
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        answered = self.process.stdout.readline()
        told: dict[str, Any] = json.loads(answered)
        return told

    def size(self) -> tuple[int, int]:
        """Return kilobytes in memory and the number of open files."""
        place = Path("/proc") / str(self.process.pid)
        pages = int((place / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 1024, len(list((place / "fd").iterdir()))


REQUEST = {"files": {"p.bpmn": MODEL.decode()}}


@pytest.mark.slow
def test_one_process_answers_line_by_line_and_echoes_ids(server: Server) -> None:
    told = server.ask({**REQUEST, "id": ["any", 1], "answers": {"ask": {"n": 3}}})
    assert (told["id"], told["verdict"], told["data"]) == (["any", 1], "completed", {"n": 3})
    assert "id" not in server.ask({**REQUEST, "auto": True, "seed": 4})
    assert server.ask({"paths": [str(ONBOARDING)], "id": 7})["open_tasks"] == [
        {
            "id": "t_register_request",
            "name": "ثبت معرفی‌نامه و درخواست کتبی دفتر",
            "lane": "معاون فروش و خدمات مشترکین",
            "form": "office_onboarding/request",
        }
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"id": 1, "files": {"x.bpmn": "<"}}',
        b'{"id": 1, "data": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"id": 1, "paths": ["/dev/zero"]}',
    ],
)
def test_a_bad_line_is_answered_and_the_next_one_as_well(server: Server, line: bytes) -> None:
    told = server.ask(line)
    assert (told["verdict"], bool(told["problems"])) == ("refused", True)
    assert server.ask(REQUEST)["verdict"] == "waiting"


@pytest.mark.slow
def test_a_seed_tells_the_same_in_every_process(server: Server) -> None:
    request = {"paths": [str(ONBOARDING)], "auto": True, "advance_time": True, "seed": 5}
    other = Server()
    try:
        assert server.ask(request) == other.ask(request)
    finally:
        other.process.communicate()


def _requests(number: int) -> dict[str, Any]:
    """Return a request that runs to its end, or waits, or is refused in one of three ways."""
    model = MODEL.decode().replace("n &gt; 10", f"n &gt; {number}")
    kinds = [
        {"files": {"p.bpmn": model}, "auto": True, "seed": number},
        {"files": {"p.bpmn": model}, "id": number},
        {"files": {"p.bpmn": model.replace('targetRef="ask"', 'targetRef="nobody"')}},
        {"files": {"p.bpmn": model[: len(model) // 2]}},
        *[{"files": {"p.bpmn": model}, "answers": {"ask": number}}] * 4,
    ]
    return kinds[number % 8]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_two_thousand_requests_leave_nothing_behind(server: Server) -> None:
    verdicts = set()
    for number in range(2_000):
        verdicts.add(server.ask(_requests(number))["verdict"])
        if number == 500:
            memory, opened = server.size()
    assert verdicts == {"completed", "waiting", "refused"}
    assert server.size()[1] == opened
    assert server.size()[0] - memory < 12_000
