// The diagram of a process or of one running instance, with the path taken and where it stands now.

import Viewer from 'bpmn-js/lib/Viewer';
import { bidiModule } from './bidi.js';
import { showLaneNames } from './diagram-lanes.js';
import { speak } from './diagram-language.js';
import { followKeys, followPointer, followWheel } from './diagram-moves.js';
import { screenOf } from './diagram-screen.js';
import { drawState } from './diagram-state.js';
import { hint, legend, message, tools } from './diagram-tools.js';
import { View } from './diagram-view.js';
import { element, once } from './dom.js';
import { words } from './words.js';

const TEXT = { fontFamily: 'Vazirmatn, sans-serif', fontSize: 12 };

function start(root) {
  once(root, '[data-diagram]', 'diagramReady', (box) => {
    // A diagram cannot be measured while its tab is closed: it is drawn when first seen.
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      show(box);
    });
    watcher.observe(box);
  });
}

async function show(box) {
  const note = message(words.diagramLoading);
  box.replaceChildren(note);
  box.setAttribute('aria-busy', 'true');
  try {
    await draw(box, note);
  } catch (error) {
    console.error(error);
    box.replaceChildren(message(words.diagramFailed, true));
  }
  box.removeAttribute('aria-busy');
}

async function draw(box, note) {
  const [xml, state] = await Promise.all([text(box.dataset.diagram), stateOf(box), font()]);
  const canvasBox = element('div', { class: 'k-diagram-canvas', dir: 'ltr' });
  box.append(canvasBox);
  const viewer = new Viewer({
    container: canvasBox,
    additionalModules: [bidiModule],
    textRenderer: { defaultStyle: TEXT, externalStyle: TEXT },
  });
  speak(viewer);
  const { warnings } = await viewer.importXML(xml);
  if (warnings.length) console.warn(warnings);
  note.remove();
  drawState(viewer, state);
  furnish(box, canvasBox, viewer, state);
  box.dispatchEvent(new CustomEvent('kartabl:diagram', { bubbles: true }));
}

/** Name the drawing, put the tools around it, choose the first view, and let people move it. */
function furnish(box, canvasBox, viewer, state) {
  const drawing = canvasBox.querySelector('.djs-container > svg');
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', box.getAttribute('aria-label') ?? document.title);
  drawing.setAttribute('aria-description', words.diagramKeys);
  const view = new View(box, canvasBox, viewer, state);
  const screen = screenOf(box, () => (screen.isFull() ? view.whole() : view.first()));
  box.prepend(element('div', { class: 'k-diagram-bar' }, tools(view, screen), legend(state), hint()));
  view.first();
  showLaneNames(canvasBox, viewer);
  followPointer(canvasBox, view);
  followWheel(canvasBox, view, screen);
  followKeys(drawing, view, screen);
}

async function text(url) {
  const answer = await fetch(url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

async function stateOf(box) {
  const links = JSON.parse(box.dataset.callLinks ?? '{}');
  const state = box.dataset.state ? JSON.parse(await text(box.dataset.state)) : {};
  return { ...state, links: { ...links, ...state.links } };
}

/** bpmn-js measures text while it draws, so the font must be there before. */
function font() {
  const sample = 'کارتابل';
  const weights = ['400', '600'].map((weight) => document.fonts.load(`${weight} 12px Vazirmatn`, sample));
  return Promise.allSettled(weights);
}

start(document);
document.addEventListener('htmx:load', ({ target }) => start(target));
