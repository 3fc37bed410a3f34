"""Forms as data: schema and values in, errors and field views out. Imports no folder of ours.

In reading order: ``catalog`` (what a form is), ``decoding`` (posted text to values),
``validation`` (values to errors, with ``messages``), ``layout`` (values to field views),
``closed`` (reasons to refuse a form), ``formats`` and ``jalali`` and ``text`` (Iranian values),
``expressions`` (the language of rules, conditions and timers).
"""
