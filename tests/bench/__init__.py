"""The speed of Kartabl as ratios: `make bench`; what the figures mean is in docs/benchmarks.md.

``__main__`` runs all parts and prints their tables. ``steps`` compares a step with the bare
``floor`` and with ``plain`` SpiffWorkflow, and an early step of a case with a late one; ``pages``
goes through HTTP; ``storage`` weighs finished cases; ``inboxes`` looks into inboxes of up to a
million tasks, which ``filling`` makes. ``cases`` holds the diagrams, ``databases`` the places,
``measuring`` and ``weighing`` the clock and the scales, ``report`` the tables.
"""
