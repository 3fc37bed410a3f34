"""Flask: pages in, pages out. ``app.create_app`` makes it, ``wiring`` puts the engine into it.

Reading order: settings, wiring, app, access, auth, pages, then one module for each part of the
site: inbox, tasks, cases, offices, processes, notifications, calendar_pages, files, tokens, api.
"""
