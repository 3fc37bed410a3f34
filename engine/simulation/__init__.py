"""Run a diagram without people: in a private database, through the engine that runs the others.

In reading order: ``request`` (what is asked), ``sandbox`` (the private engine), ``case`` (the
verbs), ``run`` (what happens when), ``report`` (what is told), ``failures`` and ``problems``
(why it stopped). What people would type comes from ``answers``, or from ``form_values`` with
``samples``, and from ``variables`` where a task has no form. ``limits`` bounds the time.
"""

from engine.simulation.case import NotFilled, SimulatedCase
from engine.simulation.run import simulate
from engine.simulation.sandbox import Sandbox

__all__ = ["NotFilled", "Sandbox", "SimulatedCase", "simulate"]
