"""The company's procedure W-SA-08-00.

Read in this order: ``roles`` and ``districts`` (who and where), ``models`` (the registers'
tables), ``offices``, ``contracts`` and ``users`` (their rules), ``handlers`` (what service
tasks do), ``options`` (lists in forms), ``access`` (who may see what), ``catalog`` (what is
deployed), ``seed`` and ``demo``.
"""
