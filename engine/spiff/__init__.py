"""The only code that imports SpiffWorkflow and lxml.

What is drawn: ``elements`` (what a diagram says), ``drawing`` (how it is read from XML).
What is parsed: ``repair`` and ``watching`` (the diagram as it is run), ``parser`` (bytes to
specs), ``trial`` (the first reading, in a process of its own).
How elements run: ``timers``, ``events``, ``joins``, ``loops``, ``subprocesses``, ``merging``
(values of branches), ``stepping`` (one element after the other).
One step: ``clock`` (whose time timers follow), ``scripts`` (expressions and handlers), ``values``
(what can be kept), ``compaction`` (finished branches go), ``codec`` (workflow to bytes and back),
``told`` (what a workflow tells), ``runtime`` (complete, deliver, advance), ``waits``.
"""
