"""Conformance rows: tasks, gateways, flows, sub-processes, loops, data."""

# Each row stays a few lines, as a table; the formatter would make it twenty.
# fmt: off

from tests.engine.bpmn import (
    call,
    end,
    flow,
    inclusive,
    parallel,
    path,
    script,
    service,
    start,
    user,
    xor,
)
from tests.engine.elements import (
    boundary,
    error,
    loop,
    over,
    process,
    roots,
    several,
    sub,
    task,
    timer,
    times,
    until,
    within,
)
from tests.engine.rows import Run, do, fails, wait

#: A process that others call: one task, then a sum.
CALLED = process(
    start("q_begin"),
    user("inner"),
    script("add", "total = count + 1"),
    end("q_finish"),
    path("q_begin", "inner", "add", "q_finish"),
    key="q",
)
INNER = (start("i_begin"), user("x"), end("i_end"), path("i_begin", "x", "i_end"))


def line(*parts: str, ids: str, **more: str) -> tuple[str, ...]:
    """Return parts on one path from the start to the end."""
    return (start(), *parts, end(), path("begin", *ids.split(), "finish"))


TASKS = [
    Run("Tasks", "task", "A plain task is passed at once.",
        line(task("task", "a"), ids="a"), (), "begin a finish"),
    Run("Tasks", "userTask", "Waits in the inbox of its lane's role.",
        line(user("a"), ids="a"), (do("a", count=1),), "begin a finish", values={"count": 1}),
    Run("Tasks", "manualTask", "Waits in the inbox as a user task does.",
        line(user("a").replace("userTask", "manualTask"), ids="a"), (do("a"),), "begin a finish"),
    Run("Tasks", "scriptTask", "Lines `name = expression` are computed one after the other.",
        line(script("s", "x = 2\ny = x + 1"), ids="s"), (), "begin s finish",
        values={"x": 2, "y": 3}),
    Run("Tasks", "serviceTask", "Calls a registered handler.",
        line(service("s", "place", office="'7302'"), ids="s"), (), "begin s s finish",
        values={"placed": True}),
    Run("Tasks", "callActivity", "Runs a process of the same bundle; its values come back.",
        line(call("c", "q"), ids="c"), (do("inner", count=41),),
        "begin q_begin inner add q_finish c finish", values={"total": 42}, more=(CALLED,)),
    Run("Tasks", "Persian digits", "Digits outside of quotes are read as numbers.",
        line(script("s", "x = ۲ + ۳"), ids="s"), (), "begin s finish", values={"x": 5}),
    Run("Tasks", "pre- and post-script", "SpiffArena's scripts around a task are run.",
        line(within(task("task", "a"), "<bpmn:extensionElements><spiffworkflow:preScript>x = 1"
                    "</spiffworkflow:preScript><spiffworkflow:postScript>y = x + 1"
                    "</spiffworkflow:postScript></bpmn:extensionElements>"), ids="a"),
        (), "begin a finish", values={"x": 1, "y": 2}),
]


def fork(split: str, join: str, *more: str, **names: str) -> tuple[str, ...]:
    """Return two user tasks between two gateways."""
    return (start(), split, user("a"), user("b"), join, end(), path("begin", "g"),
            path("a", "h"), path("b", "h"), path("h", "finish"), *more)


BOTH = path("g", "a") + path("g", "b")
CHOICES = (flow("g", "a", "count > 1"), flow("g", "b", "count > 2"), flow("g", "h", flow_id="d"))


def asked(*parts: str) -> tuple[str, ...]:
    """Return parts behind a user task that sets ``count``."""
    return (start(), user("n"), path("begin", "n", "g"), *parts)


def inclusive_fork() -> tuple[str, ...]:
    """Return an inclusive split with a default and its join, behind a task that sets count."""
    return asked(inclusive("g", default="d"), user("a"), user("b"), inclusive("h"), end(),
                 *CHOICES, path("a", "h"), path("b", "h"), path("h", "finish"))


NOTES = (
    '<bpmn:textAnnotation id="n1"><bpmn:text>note</bpmn:text></bpmn:textAnnotation>'
    '<bpmn:association id="n2" sourceRef="a" targetRef="n1"/><bpmn:group id="n3"/>'
)
SOUND = "".join(
    parallel(f"k{n}") + parallel(f"l{n}") + script(f"a{n}", f"x{n} = 1")
    + script(f"b{n}", f"y{n} = 1") + path(f"k{n}", f"a{n}", f"l{n}") + path(f"k{n}", f"b{n}", f"l{n}")
    for n in range(12)
)
DRAWN = [
    Run("Drawing", "annotations, associations, groups, documentation", "Are not run.",
        (*line(user("a"), ids="a"), NOTES), (do("a"),), "begin a finish"),
    Run("Drawing", "collaboration with a pool and a message flow", "Is not run.",
        line(user("a"), ids="a"), (do("a"),), "begin a finish",
        roots='<bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="p"/>'
        '<bpmn:participant id="other"/><bpmn:messageFlow id="mf" sourceRef="other" '
        'targetRef="a"/></bpmn:collaboration>'),
    Run("Drawing", "Persian names of variables", "Are names.",
        line(script("s", "تأیید = 1\nx = تأیید + 1"), ids="s"), (), "begin s finish",
        values={"x": 2}),
    Run("Drawing", "twelve parallel blocks in a row", "Cost as much as one each.",
        (start(), SOUND, end(),
         path("begin", "k0"), *(path(f"l{n}", f"k{n + 1}") for n in range(11)),
         path("l11", "finish")),
        (), "begin finish " + " ".join(f"k{n} a{n} b{n} l{n}" for n in range(12)),
        values={"x11": 1, "y11": 1}),
    Run("Drawing", "three hundred steps in a row", "Run in one step.",
        line(*(script(f"s{n}", "x = 1") for n in range(298)),
             ids=" ".join(f"s{n}" for n in range(298))),
        (), "begin finish " + " ".join(f"s{n}" for n in range(298))),
    Run("Drawing", "a hundred and fifty choices in a row", "Run in one step.",
        (start(), end(),
         *(script(f"s{n}", "x = 1").replace(f'id="s{n}"', f'id="s{n}" default="d{n}"', 1)
           for n in range(150)),
         *(flow(f"s{n}", f"s{n + 1}" if n < 149 else "finish", flow_id=f"d{n}")
           + flow(f"s{n}", "finish", "x > 1", f"c{n}") for n in range(150)), path("begin", "s0")),
        (), "begin finish " + " ".join(f"s{n}" for n in range(150)), repaired=True),
    Run("Drawing", "a flow back to its own task", "Each completion opens it again.",
        (start(), user("a"), end(), path("begin", "a", "finish"), flow("a", "a")),
        (do("a"), do("a")), "begin a finish a finish", "a", repaired=True),
]

GATEWAYS = [
    Run("Gateways", "exclusiveGateway", "The first flow whose condition holds is taken.",
        asked(xor("g", default="d"), user("a"), user("b"), end(),
              flow("g", "a", "count > 1"), flow("g", "b", "count > 0"),
              flow("g", "finish", flow_id="d"), path("a", "finish"), path("b", "finish")),
        (do("n", count=5), do("a")), "begin n g a finish"),
    Run("Gateways", "exclusiveGateway, default", "Without a condition that holds: the default.",
        asked(xor("g", default="d"), user("a"), end(), flow("g", "a", "count > 9"),
              flow("g", "finish", flow_id="d"), path("a", "finish")),
        (do("n", count=5),), "begin n g finish"),
    Run("Gateways", "exclusiveGateway, opposite conditions",
        "Two conditions that are each other's opposite need no default.",
        asked(xor("g"), user("a"), end(), flow("g", "a", "count > 9"),
              flow("g", "finish", "count <= 9"), path("a", "finish")),
        (do("n", count=5),), "begin n g finish"),
    Run("Gateways", "parallelGateway", "All flows are taken; the join waits for all.",
        fork(parallel("g"), parallel("h"), BOTH), (do("b"), do("a")), "begin g a b h finish"),
    Run("Gateways", "parallelGateway, first branch only", "The join waits.",
        fork(parallel("g"), parallel("h"), BOTH), (do("b"),), "begin g b", "a"),
    Run("Gateways", "parallelGateway without a join", "The case ends with its last branch.",
        (start(), parallel("g"), user("a"), user("b"), end(), end("other"),
         path("begin", "g", "a", "finish"), path("g", "b", "other")),
        (do("b"), do("a")), "begin g a b finish other"),
    Run("Gateways", "inclusiveGateway, all", "Each flow whose condition holds is taken.",
        inclusive_fork(), (do("n", count=3), do("b"), do("a")), "begin n g a b h finish"),
    Run("Gateways", "inclusiveGateway, one", "The join waits only for what was begun.",
        inclusive_fork(), (do("n", count=2), do("a")), "begin n g a h finish"),
    Run("Gateways", "inclusiveGateway, default", "Without a condition that holds: the default.",
        inclusive_fork(), (do("n", count=0),), "begin n g h finish"),
    Run("Gateways", "parallel split, inclusive join", "The join waits for both.",
        fork(parallel("g"), inclusive("h"), BOTH), (do("a"), do("b")), "begin g a b h finish"),
    Run("Gateways", "exclusive split, inclusive join", "The join waits for the one.",
        asked(xor("g", default="d"), user("a"), user("b"), inclusive("h"), end(),
              flow("g", "a", "count > 1"), flow("g", "b", flow_id="d"), path("a", "h"),
              path("b", "h"), path("h", "finish")),
        (do("n", count=1), do("b")), "begin n g b h finish"),
    Run("Gateways", "gateways inside one another", "Each join waits for its own split.",
        (start(), parallel("g"), parallel("k"), user("a"), user("b"), user("c"), parallel("l"),
         parallel("h"), end(), path("begin", "g", "k", "a", "l", "h", "finish"),
         path("k", "b", "l"), path("g", "c", "h")),
        (do("c"), do("b"), do("a")), "begin g k a b c l h finish"),
    Run("Gateways", "inclusive join behind a loop", "A token that may come back is waited for.",
        asked(parallel("g"), user("a"), xor("k", default="back"), user("b"), inclusive("h"),
              end(), path("g", "a", "k"), flow("k", "h", "count > 1"),
              flow("k", "a", flow_id="back"), path("g", "b", "h", "finish")),
        (do("n", count=0), do("b"), do("a", count=0), do("a", count=2)),
        "begin n g b a k a k h finish"),
]

FLOWS = [
    Run("Flows", "several flows out of a task", "They are a parallel split.",
        (start(), user("n"), user("a"), user("b"), end(), end("other"),
         path("begin", "n", "a", "finish"), path("n", "b", "other")),
        (do("n"), do("a"), do("b")), "begin n a b finish other", repaired=True),
    Run("Flows", "conditional flows out of a task", "They are an inclusive split.",
        (start(), user("n"), user("a"), user("b"), end(), end("other"), end("last"),
         path("begin", "n"), flow("n", "a", "count > 1"), flow("n", "b", "count > 2"),
         flow("n", "last", "count <= 1"), path("a", "finish"), path("b", "other")),
        (do("n", count=2), do("a")), "begin n a finish", repaired=True),
    Run("Flows", "conditional flow and default out of a task", "The default where none holds.",
        (start(), within(user("n"), "").replace('id="n"', 'id="n" default="d"'), user("a"), end(),
         path("begin", "n"), flow("n", "a", "count > 1"), flow("n", "finish", flow_id="d"),
         path("a", "finish")),
        (do("n", count=1),), "begin n finish", repaired=True),
    Run("Flows", "conditional, default and plain flow out of a task",
        "Plain flows are always taken (BPMN 2.0, 13.2.1).",
        (start(), user("n").replace('id="n"', 'id="n" default="d"'), user("a"), user("b"), end(),
         end("other"), end("last"), path("begin", "n"), flow("n", "a", "count > 1"),
         flow("n", "b", flow_id="d"), flow("n", "last"), path("a", "finish"), path("b", "other")),
        (do("n", count=1), do("b")), "begin n b last other", repaired=True),
    Run("Flows", "conditional and plain flow out of a task", "The plain one is always taken.",
        (start(), user("n"), user("a"), end(), end("other"), path("begin", "n"),
         flow("n", "a", "count > 1"), flow("n", "other"), path("a", "finish")),
        (do("n", count=1),), "begin n other", repaired=True),
    Run("Flows", "several flows out of an event", "They are a parallel split.",
        (start(), user("a"), user("b"), end(), end("other"), path("begin", "a", "finish"),
         path("begin", "b", "other")),
        (do("b"), do("a")), "begin a b finish other", repaired=True),
    Run("Flows", "several flows into a task", "Each token runs the task once.",
        asked(xor("g", default="d"), script("a", "x = 1"), user("b"), end(),
              flow("g", "a", "count > 1"), flow("g", "b", flow_id="d"), path("a", "b", "finish")),
        (do("n", count=2), do("b")), "begin n g a b finish"),
    Run("Flows", "two flows between the same elements", "They are two flows.",
        asked(inclusive("g", default="d"), user("a"), inclusive("h"), end(),
              flow("g", "a", "count > 1"), flow("g", "h", "count > 2", flow_id="f1"),
              flow("g", "h", flow_id="d"), path("a", "h", "finish")),
        (do("n", count=3), do("a")), "begin n g a h finish", repaired=True),
    Run("Flows", "flows without an id", "They are told apart.",
        asked(xor("g", default="d"), user("a"), end(),
              flow("g", "a", "count > 1").replace(' id="f_g_a"', ""),
              flow("g", "finish", flow_id="d"), path("a", "finish")),
        (do("n", count=0),), "begin n g finish", repaired=True),
]

FAIL = sub("s", start("i_begin"), user("x"), script("w", "reason = 'late'"),
           '<bpmn:endEvent id="i_end">' + error("bad") + "</bpmn:endEvent>",
           path("i_begin", "x", "w", "i_end"))

INSIDE = [
    Run("Sub-processes", "subProcess", "Its values come back when it ends.",
        line(sub("s", *INNER), ids="s"), (do("x", count=3),), "begin i_begin x i_end s finish",
        values={"count": 3}),
    Run("Sub-processes", "three inside one another", "Any depth.",
        line(sub("s", start("s1"), sub("t", start("t1"), sub("u", *INNER), end("t2"),
             path("t1", "u", "t2")), end("s2"), path("s1", "t", "s2")), ids="s"),
        (do("x", count=3),), "begin s1 t1 i_begin x i_end u t2 t s2 s finish",
        values={"count": 3}),
    Run("Sub-processes", "transaction", "Runs as a sub-process.",
        line(sub("s", *INNER, tag="transaction"), ids="s"), (do("x"),),
        "begin i_begin x i_end s finish"),
    Run("Sub-processes", "handler that refuses inside", "It is no BPMN error: the step is undone.",
        (start(), sub("s", start("i_begin"), user("x"), service("w", "refuse"),
                      xor("g", default="d"), end("i_end"),
                      '<bpmn:endEvent id="i_bad">' + error("bad") + "</bpmn:endEvent>",
                      path("i_begin", "x", "w", "g"), flow("g", "i_bad", "count > 9"),
                      flow("g", "i_end", flow_id="d")),
         boundary("b", "s", error("bad")), end(), end("other"), path("begin", "s", "finish"),
         path("b", "other")),
        (fails("x", count=1),), "begin i_begin", "x", roots=roots(error="bad")),
    Run("Sub-processes", "values written before an interruption",
        "What a sub-process has written is seen behind its boundary events.",
        (start(), FAIL, boundary("b", "s", error("bad")), script("t", "told = reason"), end(),
         end("other"), path("begin", "s", "finish"), path("b", "t", "other")),
        (do("x"),), "begin i_begin x w i_end b t other",
        values={"reason": "late", "told": "late"}, roots=roots(error="bad")),
    Run("Sub-processes", "parallel sub-processes", "The end waits for both.",
        (start(), parallel("g"), sub("s", *INNER),
         sub("t", start("t1"), user("y"), end("t2"), path("t1", "y", "t2")), parallel("h"), end(),
         path("begin", "g", "s", "h", "finish"), path("g", "t", "h")),
        (do("y", note="n"), do("x", count=2)),
        "begin g i_begin t1 y t2 t x i_end s h finish", values={"note": "n", "count": 2}),
]

ITEMS = script("i", "items = [10, 20, 30]")
LOOPS = [
    Run("Loops", "standard loop, maximum", "Repeats so often.",
        line(script("i", "x = 0"), within(script("s", "x = x + 1"), loop(most="3")), ids="i s"),
        (), "begin i s s s finish", values={"x": 3}),
    Run("Loops", "standard loop, condition", "Repeats while it holds; tested after each round.",
        line(script("i", "x = 0"), within(script("s", "x = x + 1"), loop("x < 2")), ids="i s"),
        (), "begin i s s finish", values={"x": 2}),
    Run("Loops", "standard loop, testBefore", "Tested before the first round as well.",
        line(script("i", "x = 5"), within(script("s", "x = x + 1"), loop("x < 2", before=True)),
             ids="i s"),
        (), "begin i finish", values={"x": 5}),
    Run("Loops", "standard loop of a user task", "A new task in the inbox each round.",
        line(within(user("a"), loop("count < 3")), ids="a"),
        (do("a", count=1), do("a", count=2), do("a", count=3)), "begin a a a finish",
        values={"count": 3}),
    Run("Loops", "standard loop of a sub-process", "Repeats as a whole.",
        line(within(sub("s", *INNER), loop("count < 2")), ids="s"),
        (do("x", count=1), do("x", count=2)), "begin i_begin x i_end s i_begin x i_end s finish"),
    Run("Loops", "multi-instance, parallel, cardinality", "So many at once.",
        line(within(user("a"), several(times("2"))), ids="a"), (do("a"), do("a")),
        "begin a a finish"),
    Run("Loops", "multi-instance, parallel, half done", "The others stay open.",
        line(within(user("a"), several(times("2"))), ids="a"), (do("a"),), "begin a", "a"),
    Run("Loops", "multi-instance, cardinality 0", "Passed at once.",
        line(script("i", "x = 0"), within(user("a"), several(times("x"))), ids="i a"), (),
        "begin i finish"),
    Run("Loops", "multi-instance over a list, sequential",
        "One after the other; the outputs are collected in the order of the items.",
        line(ITEMS, within(script("s", "y = x + 1"),
                           several(over("items", "x", "ys", "y"), sequential=True)), ids="i s"),
        (), "begin i s s s finish", values={"ys": [11, 21, 31]}),
    Run("Loops", "multi-instance over a list, parallel",
        "All at once; the outputs are collected in the order of the items.",
        line(ITEMS, within(script("s", "y = x + 1"), several(over("items", "x", "ys", "y"))),
             ids="i s"),
        (), "begin i s s s finish", values={"ys": [11, 21, 31]}),
    Run("Loops", "multi-instance, sequential, without output",
        "The item is seen by its own instance only.",
        line(ITEMS, within(script("s", "last = x"), several(over("items", "x"), sequential=True)),
             ids="i s"),
        (), "begin i s s s finish", values={"last": 30}),
    Run("Loops", "multi-instance user tasks with outputs",
        "In whatever order people complete them, the list is in the order of the items.",
        line(ITEMS, within(user("a"), several(over("items", "x", "counts", "count"))), ids="i a"),
        (do("a", count=1), do("a", count=1), do("a", count=1)), "begin i a a a finish",
        values={"counts": [1, 1, 1]}),
    Run("Loops", "multi-instance, completion condition",
        "When it holds the other instances are withdrawn.",
        line(within(user("a"), several(times("3") + until("numberOfCompletedInstances >= 2"))),
             ids="a"),
        (do("a"), do("a")), "begin a a finish"),
    Run("Loops", "multi-instance sub-process", "Each instance is a run of its own.",
        line(within(sub("s", *INNER), several(times("2"))), ids="s"), (do("x"), do("x")),
        "begin i_begin i_begin x i_end s x i_end s finish"),
    Run("Loops", "multi-instance sub-process, sequential", "One run after the other.",
        line(ITEMS, within(sub("s", start("i_begin"), script("w", "y = x"), end("i_end"),
                               path("i_begin", "w", "i_end")),
                           several(over("items", "x", "ys", "y"), sequential=True)), ids="i s"),
        (), "begin i" + " i_begin w i_end s" * 3 + " finish", values={"ys": [10, 20, 30]}),
    Run("Loops", "multi-instance call activity", "Each instance calls the process.",
        line(within(call("c", "q"), several(times("2"), sequential=True)), ids="c"),
        (do("inner", count=1), do("inner", count=2)),
        "begin" + " q_begin inner add q_finish c" * 2 + " finish", values={"total": 3},
        more=(CALLED,)),
    Run("Loops", "boundary event on a multi-instance", "It takes all instances.",
        (start(), within(user("a"), several(times("3"))),
         boundary("late", "a", timer("Duration", "P1D")), end(), end("other"),
         path("begin", "a", "finish"), path("late", "other")),
        (do("a"), wait(days=2)), "begin a late other"),
    Run("Loops", "boundary event on a multi-instance sub-process", "It takes all instances.",
        (start(), within(sub("s", *INNER), several(times("2"))),
         boundary("late", "s", timer("Duration", "P1D")), end(), end("other"),
         path("begin", "s", "finish"), path("late", "other")),
        (wait(days=2),), "begin i_begin i_begin late other"),
    Run("Loops", "multi-instance over what is no list", "Refused with a sentence.",
        line(user("n"), within(script("s", "y = 1"), several(over("count", "x"))), ids="n s"),
        (fails("n", count=3),), "begin", "n"),
    Run("Loops", "multi-instance with a count below nought", "Refused with a sentence.",
        line(user("n"), within(script("s", "y = 1"), several(times("count - 5"))), ids="n s"),
        (fails("n", count=3),), "begin", "n"),
]

OBJECT = '<bpmn:dataObject id="office"/><bpmn:dataObjectReference id="o1" dataObjectRef="office"/>'


def writes_object(element_id: str, text: str) -> str:
    """Return a script that keeps a data object."""
    inner = (
        f'<bpmn:dataOutputAssociation id="w_{element_id}"><bpmn:targetRef>o1</bpmn:targetRef>'
        "</bpmn:dataOutputAssociation>"
    )
    return script(element_id, text).replace("<bpmn:script>", inner + "<bpmn:script>")


def reads_object(element_id: str, text: str) -> str:
    """Return a script that reads a data object."""
    inner = (
        f'<bpmn:dataInputAssociation id="r_{element_id}"><bpmn:sourceRef>o1</bpmn:sourceRef>'
        "<bpmn:targetRef>x</bpmn:targetRef></bpmn:dataInputAssociation>"
    )
    return script(element_id, text).replace("<bpmn:script>", inner + "<bpmn:script>")


def _deep(levels: int) -> str:
    inner = (start("d0"), reads_object("r", "seen = office"), end("e0"), path("d0", "r", "e0"))
    for n in range(1, levels + 1):
        inside = sub(f"s{n}", *inner)
        inner = (start(f"d{n}"), inside, end(f"e{n}"), path(f"d{n}", f"s{n}", f"e{n}"))
    return inside


DATA = [
    Run("Data", "dataObject", "Kept beside the values; read and written by association.",
        (OBJECT, *line(writes_object("w", "office = '7201'"), user("a"),
                       reads_object("r", "seen = office"), ids="w a r")),
        (do("a"),), "begin w a r finish", values={"seen": "7201"}),
    Run("Data", "dataObject one level deep", "Found in the process around.",
        (OBJECT, *line(writes_object("w", "office = '7201'"), _deep(1), ids="w s1")),
        (), "begin w d0 r e0 s1 finish", values={"seen": "7201"}),
    Run("Data", "dataObject three levels deep", "Found at any depth.",
        (OBJECT, *line(writes_object("w", "office = '7201'"), _deep(3), ids="w s3")),
        (), "begin w d2 d1 d0 r e0 s1 e1 s2 e2 s3 finish", values={"seen": "7201"}),
    Run("Data", "branches that write different names", "All are kept.",
        fork(parallel("g"), parallel("h"), BOTH),
        (do("a", count=7), do("b", note="n")), "begin g a b h finish",
        values={"count": 7, "note": "n"}),
    Run("Data", "branches that write the same name", "The branch that arrives last has its way.",
        fork(parallel("g"), parallel("h"), BOTH),
        (do("b", count=1), do("a", count=2)), "begin g a b h finish", values={"count": 2}),
    Run("Data", "a branch that writes nothing", "It undoes nothing of what another one wrote.",
        asked(parallel("g"), user("a"), user("b"), parallel("h"), end(), BOTH, path("a", "h"),
              path("b", "h", "finish")),
        (do("n", count=1), do("a", count=2), do("b")), "begin n g a b h finish",
        values={"count": 2}),
    Run("Data", "branches that end apart", "What an ended branch wrote stays.",
        asked(parallel("g"), user("a"), user("b"), end(), end("other"), path("g", "a", "finish"),
              path("g", "b", "other")),
        (do("n", count=1), do("a", count=2), do("b", note="n")), "begin n g a b finish other",
        values={"count": 2, "note": "n"}),
]

DATA += [
    Run("Data", "branches that write the same list", "It is not mixed: the last one's stays.",
        (start(), parallel("g"), user("a"), user("b"), script("s", "x = [1, 2]"),
         script("t", "x = [3]"), parallel("h"), end(), path("begin", "g", "a", "s", "h", "finish"),
         path("g", "b", "t", "h")),
        (do("b"), do("a")), "begin g b t a s h finish", values={"x": [1, 2]}),
    Run("Data", "what an ended branch wrote", "Is seen by the branches that go on.",
        asked(parallel("g"), user("a"), user("b"), script("s", "seen = count"), end(),
              end("other"), path("g", "a", "finish"), path("g", "b", "s", "other")),
        (do("n", count=1), do("a", count=2), do("b")), "begin n g a finish b s other",
        values={"seen": 2, "count": 2}),
    Run("Data", "what an ended branch wrote, in a sub-process", "Is seen there as well.",
        asked(parallel("g"), user("a"),
              sub("t", start("t1"), user("b"), script("s", "seen = count"), end("t2"),
                  path("t1", "b", "s", "t2")), end(), end("other"), path("g", "a", "finish"),
              path("g", "t", "other")),
        (do("n", count=1), do("a", count=2), do("b")), "begin n g a finish t1 b s t2 t other",
        values={"seen": 2, "count": 2}),
    Run("Data", "reminders that count themselves", "Each sees the last one's count.",
        (start(), script("i", "told = 0"), user("a"),
         boundary("b", "a", timer("Cycle", "R/P1D"), interrupting=False),
         script("t", "told = told + 1"), end(), end("other"), path("begin", "i", "a", "finish"),
         path("b", "t", "other")),
        (wait(days=1), wait(days=1), wait(days=1), do("a")),
        "begin i" + " b t other" * 3 + " a finish", values={"told": 3}, repaired=True),
]

ROWS = [*TASKS, *DRAWN, *GATEWAYS, *FLOWS, *INSIDE, *LOOPS, *DATA]
