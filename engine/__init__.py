"""Run process definitions: deployments, instances, user tasks, timers, history, identity.

Knows neither this company's procedure nor HTTP. In reading order: ``errors``, ``events``,
``states``, ``models``, ``identity``, ``tokens``, ``transaction``, ``deployments`` (with
``bpmn_lint``), ``instances``, ``tasks``, ``inbox``, ``candidates``, ``step`` and ``execution``
(one step, with ``inbox_rows`` and ``outbox``), ``service_tasks``, ``forms_of``, ``files``,
``queue`` and ``jobs`` (with ``outside``, ``messages``, ``durable`` and ``worker``),
``incidents``, ``history``, ``diagram``, ``notifications``, ``calendar``, ``simulation``.
"""
