"""The JSON API ``/api/v1`` for programs: the same verbs and the same rules of access as the pages.

Reading order: ``app`` (the application), ``caller`` (who may ask), ``contract`` (what an endpoint
declares, and holding requests to it), ``schemas``, ``components`` and ``openapi`` (the document),
``problems`` (refusals), then one module a subject: me, definitions, deployments, instances, tasks
and messages (with ``submission``), files, incidents.
"""
