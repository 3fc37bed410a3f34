"""Tests that use the system as people do: a real server, a real Chromium, the pages themselves."""
