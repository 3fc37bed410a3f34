"""Every diagram opens in bpmn.io's own editor without a single warning."""

import os
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.persona import Personas
from workflows.catalog import PROCESSES, diagram

pytestmark = pytest.mark.browser

FRONTEND = Path(__file__).parents[2] / "web/frontend"
ENTRY = "import Modeler from 'bpmn-js/lib/Modeler'; globalThis.Modeler = Modeler;"
BUILD = ("node", "node_modules/esbuild/bin/esbuild", "--bundle", "--log-level=warning")

#: Warnings of the import, and what the editor writes is read again without one.
OPEN = """async xml => {
  const editor = new Modeler({container: document.querySelector('#canvas')});
  const first = await editor.importXML(xml);
  const saved = await editor.saveXML({format: true});
  const second = await editor.importXML(saved.xml);
  const count = editor.get('elementRegistry').getAll().length;
  editor.destroy();
  return {warnings: [...first.warnings, ...second.warnings].map(String), count};
}"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bundle the editor into a script of its own."""
    script = tmp_path_factory.mktemp("modeler") / "modeler.js"
    subprocess.run(
        ["sh", "with-node.sh", *BUILD, f"--outfile={script}"],
        cwd=FRONTEND,
        input=ENTRY,
        text=True,
        check=True,
        env={**os.environ, "NODE_PATH": str(FRONTEND / "node_modules")},
    )
    return script


@pytest.fixture
def editor(people: Personas, bundle: Path) -> Page:
    """Open an empty page with the editor in it."""
    page = people.page()
    page.set_content("<!doctype html><div id=canvas style='width:900px;height:600px'></div>")
    page.add_script_tag(path=bundle)
    return page


@pytest.mark.parametrize("key", sorted(PROCESSES))
def test_the_editor_has_nothing_to_say(editor: Page, key: str) -> None:
    opened = editor.evaluate(OPEN, diagram(key).decode())
    assert opened["warnings"] == []
    assert opened["count"] > 20
