"""The gate on files: hostile XML, other encodings, broken references, and how long it may take."""

import json
import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.lint import Known, check
from engine.spiff import trial as trials
from engine.spiff.elements import MOST_BYTES, XmlRefused, read_xml
from engine.spiff.parser import parse
from engine.spiff.trial import Child, trial
from tests.engine.bpmn import HEAD, end, path, script, start, user
from tests.engine.conftest import ANY, ROLES
from tests.engine.elements import process
from tests.engine.rows_basic import line
from web.cli import main

KNOWN = Known(ROLES, frozenset({"place"}), frozenset({"test/any"}))
GOOD = process(*line(user("a"), ids="a"))
OTHER = process(*line(user("b"), ids="b"), key="q")


def rules(content: bytes, name: str = "d.bpmn") -> list[str]:
    """Return the rules that a file breaks."""
    return [p.rule for p in check({name: content, "test/any.json": ANY}, KNOWN)]


def document(head: str, body: str = "") -> bytes:
    """Return a file with a DOCTYPE."""
    return f"<?xml version='1.0'?><!DOCTYPE d [{head}]>".encode() + GOOD.replace(
        b"<bpmn:process", body.encode() + b"<bpmn:process", 1
    )


HOSTILE = {
    "external entity": document('<!ENTITY e SYSTEM "file:///etc/passwd">'),
    "external DTD": b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">' + GOOD,
    "parameter entity": document('<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;'),
    "internal entity": document('<!ENTITY e "x">'),
    "billion laughs": document(
        '<!ENTITY a "x">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    ),
    "empty DOCTYPE": b"<!DOCTYPE d>" + GOOD,
    "too deep": HEAD.encode() + b"<a>" * 300 + b"</a>" * 300 + b"</bpmn:definitions>",
    "too large": GOOD + b" " * MOST_BYTES,
    "cut off": GOOD[:-20],
    "binary": bytes(range(256)) * 10,
    "nothing": b"",
    "spaces": b"   \n",
    "no XML": "این پرونده نیست".encode(),
    "two roots": GOOD + GOOD,
    "NUL": GOOD.replace(b"finish", b"fin\x00ish"),
    "unknown prefix": GOOD.replace(b"<bpmn:userTask", b"<bpnm:userTask"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused(name: str) -> None:
    begun = time.process_time()
    assert "xml" in rules(HOSTILE[name])
    assert time.process_time() - begun < 1
    with pytest.raises(XmlRefused):
        parse({"d.bpmn": HOSTILE[name]})


def test_an_include_is_not_followed() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
    inside = GOOD.replace(b"</bpmn:userTask>", include.encode() + b"</bpmn:userTask>")
    assert "xsd" in rules(inside)
    assert b"root:" not in b"".join(text.encode() for text in read_xml(inside, "d.bpmn").itertext())


def test_many_elements_are_refused_quickly() -> None:
    flood = b'<bpmn:task id="t%d"/>'
    parts = b"".join(flood % n for n in range(60_000))
    content = GOOD.replace(b"</bpmn:process>", parts + b"</bpmn:process>")
    assert len(content) < MOST_BYTES
    begun = time.process_time()
    assert "too-large" in rules(content)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_refused(encoding: str) -> None:
    text = GOOD.decode()
    assert set(rules(text.encode(encoding))) & {"encoding", "xml"}
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
    assert set(rules(declared)) & {"encoding", "xml"}


@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-1"])
def test_other_declared_encodings_are_refused(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
    plain = GOOD.decode().encode("ascii", "xmlcharrefreplace")
    assert rules(declared + plain) == ["encoding"]


def test_a_byte_order_mark_is_no_harm() -> None:
    assert rules(b"\xef\xbb\xbf" + GOOD) == []
    assert rules(b'<?xml version="1.0" encoding="utf-8"?>' + GOOD) == []


def test_comments_do_not_cut_a_text() -> None:
    noted = GOOD.replace(b'id="a"', b'id="a"', 1).replace(
        b"<bpmn:extensionElements>",
        b"<bpmn:documentation>x<!-- -->z</bpmn:documentation><bpmn:extensionElements>",
    )
    assert rules(noted) == []
    assert parse({"d.bpmn": noted}).specs["p"].task_specs["a"].documentation == "xz"


def test_a_file_without_an_executable_process() -> None:
    assert rules(GOOD.replace(b'isExecutable="true"', b'isExecutable="false"')) == ["no-process"]


def test_each_problem_of_a_bundle_is_told() -> None:
    bad = process(*line(user("b", "test/none"), ids="b"), key="r")
    found = check(
        {
            "a.bpmn": b"<a>",
            "b.bpmn": bad,
            "c.bpmn": GOOD,
            "d.json": b"{",
            "e.dmn": b"<x/>",
            "test/any.json": ANY,
        },
        KNOWN,
    )
    assert {(p.file, p.rule) for p in found} == {
        ("a.bpmn", "xml"),
        ("b.bpmn", "form-missing"),
        ("d.json", "form"),
        ("e.dmn", "xml"),
    }


def test_the_schema_names_the_element() -> None:
    strange = GOOD.replace(b"</bpmn:userTask>", b"<bpmn:strange/></bpmn:userTask>")
    found = [p for p in check({"d.bpmn": strange, "test/any.json": ANY}, KNOWN) if p.rule == "xsd"]
    assert [p.element_id for p in found] == ["a"]


def test_the_first_reading_has_a_time_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    never = tmp_path / "never"
    never.write_text("#!/bin/sh\nexec sleep 60\n")
    never.chmod(0o755)
    child = Child()
    try:
        monkeypatch.setattr(trials.sys, "executable", str(never))
        assert child.ask({"d.bpmn": GOOD}, 0.2) == ("time-limit", "0.2")
        monkeypatch.undo()
        assert child.ask({"d.bpmn": GOOD}, 60) == ("", "")
    finally:
        child.end()


def test_a_reader_that_breaks_off_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    child = Child()
    try:
        monkeypatch.setattr(trials.sys, "executable", "/bin/true")
        assert child.ask({"d.bpmn": GOOD}, 60)[0] == "parse"
        monkeypatch.undo()
        assert child.ask({"d.bpmn": GOOD}, 60) == ("", "")
    finally:
        child.end()


def test_what_cannot_be_parsed_is_told_by_the_trial() -> None:
    rule, detail = trial({"d.bpmn": GOOD.replace(b"bpmn:userTask", b"bpmn:complexGateway")})
    assert rule == "parse"
    assert detail


def test_data_objects_at_any_depth_end_the_parser() -> None:
    """The plain library reads for ever what is referenced two levels deep."""
    from tests.engine.rows_basic import OBJECT, _deep

    content = process(OBJECT, *line(_deep(4), ids="s4"))
    assert trial({"d.bpmn": content}) == ("", "")


def test_a_long_process_is_parsed_from_wherever_it_is_asked_for() -> None:
    content = process(
        *line(
            *(script(f"s{n}", "x = 1") for n in range(298)),
            ids=" ".join(f"s{n}" for n in range(298)),
        )
    )

    def deeper(frames: int) -> int:
        if frames:
            return deeper(frames - 1)
        return len(parse({"d.bpmn": content}).specs["p"].task_specs)

    assert deeper(500) > 298


def run(*arguments: object) -> Result:
    """Run ``kartabl lint``."""
    return CliRunner().invoke(main, ["lint", *map(str, arguments)], catch_exceptions=False)


def told(*arguments: object) -> tuple[int, dict[str, object]]:
    """Return status and JSON of ``kartabl lint --format json``."""
    result = run(*arguments, "--format", "json")
    return result.exit_code, json.loads(result.stdout)


FOREIGN = GOOD.replace("کارمند".encode(), b"Sales").replace(b"formKey", b"other")


def test_the_command_says_ok(tmp_path: Path) -> None:
    file = tmp_path / "d.bpmn"
    file.write_bytes(FOREIGN)
    assert told(file) == (0, {"ok": True, "problems": []})
    assert run(file).stdout == "ok\n"


def test_the_command_refuses_with_the_fields_of_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "d.bpmn"
    file.write_bytes(FOREIGN.replace(b"bpmn:userTask", b"bpmn:complexGateway"))
    status, answer = told(file)
    assert (status, answer["ok"]) == (2, False)
    [one] = answer["problems"]  # type: ignore[misc]
    assert set(one) == {
        "file",
        "rule",
        "severity",
        "element_id",
        "element_name",
        "message_fa",
        "message_en",
    }
    assert (one["file"], one["rule"], one["element_id"]) == (str(file), "unsupported", "a")
    plain = run(file)
    assert plain.exit_code == 2
    assert "complexGateway" in plain.stdout


def test_diagrams_of_ours_are_held_to_our_roles_and_forms(tmp_path: Path) -> None:
    file = tmp_path / "d.bpmn"
    file.write_bytes(GOOD.replace("کارمند".encode(), "مدیر دفتر پیشخوان".encode()))
    status, answer = told(file)
    assert status == 2
    assert [p["rule"] for p in answer["problems"]] == ["form-missing"]  # type: ignore[attr-defined]
    form = tmp_path / "any.json"
    form.write_bytes(ANY)
    assert told(file, form)[0] == 0


def test_what_the_package_ships_passes() -> None:
    root = Path(__file__).parents[2] / "workflows"
    status, answer = told(*sorted(root.glob("*/*.bpmn")))
    assert (status, answer["ok"]) == (0, True)


@pytest.mark.parametrize("kind", ["missing", "folder", "suffix", "binary", "fifo", "bytes", "big"])
def test_no_file_brings_a_traceback(kind: str, tmp_path: Path) -> None:
    file = tmp_path / ("d.txt" if kind == "suffix" else "d.bpmn")
    if kind == "folder":
        file.mkdir()
    elif kind == "fifo":
        os.mkfifo(file)
    elif kind == "bytes":
        file = tmp_path / os.fsdecode(b"\xff\xfe.bpmn")
        file.write_bytes(b"<a>")
    elif kind == "big":
        with file.open("wb") as big:
            big.truncate(5_000_000_000)
    elif kind != "missing":
        file.write_bytes(bytes(range(256)))
    status, answer = told(file)
    assert (status, answer["ok"]) == (2, False)
    assert answer["problems"]


def test_forms_and_decisions_are_looked_at(tmp_path: Path) -> None:
    open_form = tmp_path / "f.json"
    open_form.write_bytes(ANY.replace(b'"additionalProperties":false,', b""))
    assert told(open_form)[1]["problems"][0]["rule"] == "form"  # type: ignore[index]
    decision = tmp_path / "d.dmn"
    decision.write_text('<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>')
    assert told(decision)[0] == 0
    decision.write_text("<!DOCTYPE x><x/>")
    assert told(decision)[0] == 2


def test_several_files_are_one_bundle(tmp_path: Path) -> None:
    caller = process(
        start(),
        '<bpmn:callActivity id="c" calledElement="q"/>',
        end(),
        path("begin", "c", "finish"),
    )
    for name, content in {"a.bpmn": caller, "b.bpmn": OTHER}.items():
        (tmp_path / name).write_bytes(
            content.replace("کارمند".encode(), b"Sales").replace(b"formKey", b"other")
        )
    assert told(tmp_path / "a.bpmn")[0] == 2
    assert told(tmp_path / "a.bpmn", tmp_path / "b.bpmn")[0] == 0
