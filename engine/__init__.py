"""Run process definitions: deployments, instances, user tasks, timers, history, identity.

Knows neither this company's procedure nor HTTP. In reading order: ``errors``, ``events``,
``states``, ``models``, ``identity``, ``transaction``, ``deployments`` (with ``bpmn_lint``),
``instances``, ``tasks``, ``inbox``, ``candidates``, ``execution`` (one step), ``service_tasks``,
``forms_of``, ``files``, ``jobs`` (with ``worker``), ``incidents``, ``history``, ``diagram``,
``notifications``, ``calendar``.
"""
