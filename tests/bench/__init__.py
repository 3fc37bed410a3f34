"""The speed of Kartabl as ratios: `make bench`; what the figures mean is in docs/benchmarks.md.

``__main__`` runs all parts and prints one table. ``measuring`` counts and times. ``steps`` compares
a step with the bare ``floor`` and with ``plain`` SpiffWorkflow; ``growth`` follows one case through
a thousand steps; ``inboxes`` looks into inboxes of up to a million tasks; ``pages`` goes through
HTTP; ``storage`` weighs a finished case.
"""
