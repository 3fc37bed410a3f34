"""The command ``kartabl simulate``: run a diagram without people, and tell it as JSON."""

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import click
import orjson

from engine.simulation import Sandbox, simulate
from engine.simulation.report import blank
from engine.simulation.request import MOST_STEPS, RequestRefused, parse_json, read_path
from web import wiring

#: Exit status by verdict: others can tell a refusal from a run that went wrong.
STATUS = {"completed": 0, "waiting": 0, "refused": 2, "failed": 3, "step_limit": 3}
#: Bytes of one request on standard input.
MOST_LINE = 64 * 1024 * 1024


@click.command("simulate")
@click.argument("paths", nargs=-1, metavar="FILE.bpmn [FILE.dmn FORM.json]...")
@click.option("--process", default="", help="Id of the process; else the one that none calls.")
@click.option("--data", default="", metavar="JSON", help="Values with which the case begins.")
@click.option("--answers", default="", metavar="FILE", help="JSON: task id -> list of values.")
@click.option("--auto", is_flag=True, help="Fill tasks that have no answer with valid values.")
@click.option("--seed", type=int, default=0, help="What generated values are drawn from.")
@click.option("--advance-time", is_flag=True, help="Jump to the next timer when all else waits.")
@click.option("--max-steps", type=int, default=MOST_STEPS, show_default=True)
@click.option("--message", "messages", multiple=True, metavar="NAME[=JSON]", help="Deliver it.")
@click.option("--now", default="", metavar="INSTANT", help="When the simulation begins.")
@click.option("--stdio", is_flag=True, help="Answer one JSON request a line until input ends.")
def command(
    paths: Sequence[str],
    data: str,
    answers: str,
    messages: Sequence[str],
    stdio: bool,
    **given: Any,
) -> None:
    """Run diagrams in a private database in memory and print what became of the case.

    Exit status: 0 completed or waiting, 2 refused, 3 failed or step limit reached.
    """
    sandbox = wiring.sandbox()
    with _silence():
        if stdio:
            _serve(sandbox, sys.stdin.buffer, sys.stdout.buffer)
            return
        try:
            request = {
                **given,
                "paths": list(paths),
                "data": parse_json(data, "--data") if data else {},
                "answers": parse_json(read_path(answers), answers) if answers else {},
                "messages": [_message(text) for text in messages],
            }
            told = simulate(sandbox, request)
        except RequestRefused as refusal:
            told = blank("refused", refusal.problems)
    click.echo(_json(told, orjson.OPT_INDENT_2))
    sys.exit(STATUS[told["verdict"]])


@contextmanager
def _silence() -> Iterator[None]:
    """Keep the log out of the way: what goes wrong in a simulation is told in its report."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _message(text: str) -> dict[str, Any]:
    name, _, values = text.partition("=")
    return {"name": name, "data": parse_json(values, "--message") if values else {}}


def _json(told: dict[str, Any], option: int = 0) -> bytes:
    return orjson.dumps(told, default=str, option=option)


def _serve(sandbox: Sandbox, requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer each line with a line; a bad request is answered as well."""
    while line := requests.readline(MOST_LINE):
        if line.strip():
            replies.write(_json(_reply(sandbox, line)) + b"\n")
            replies.flush()


def _reply(sandbox: Sandbox, line: bytes) -> dict[str, Any]:
    try:
        request = parse_json(line, "stdin")
    except RequestRefused as refusal:
        return blank("refused", refusal.problems)
    told = simulate(sandbox, request)
    return {"id": request["id"], **told} if isinstance(request, dict) and "id" in request else told
