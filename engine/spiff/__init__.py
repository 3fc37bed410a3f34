"""The only code that imports SpiffWorkflow and lxml.

In reading order: ``elements`` (what the XML says), ``parser`` (bytes to specs), ``clock``
(whose time timers follow), ``scripts`` (expressions and handlers), ``compaction`` (finished
branches go), ``codec`` (workflow to bytes and back), ``runtime`` (one step).
"""
