// The diagram of a process or of one running instance, with the path taken and where it stands now.

import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { bidiModule } from './bidi.js';
import { drawState, firstOfInterest } from './diagram-state.js';
import { legend, message, toolbar } from './diagram-tools.js';
import { element, once } from './dom.js';
import { words } from './words.js';

const FONT = 'Vazirmatn, sans-serif';
/** Below this scale the labels cannot be read: show a part instead of the whole. */
const READABLE = 0.62;
const MARGIN = 28;

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
    await draw(box);
    note.remove();
  } catch (error) {
    console.error(error);
    box.replaceChildren(message(words.diagramFailed, true));
  }
  box.removeAttribute('aria-busy');
}

async function draw(box) {
  const [xml, state] = await Promise.all([text(box.dataset.diagram), stateOf(box), font()]);
  const canvasBox = element('div', { class: 'k-diagram-canvas', dir: 'ltr' });
  box.append(canvasBox);
  const wheel = { enabled: false };
  const viewer = new NavigatedViewer({
    container: canvasBox,
    additionalModules: [bidiModule],
    textRenderer: {
      defaultStyle: { fontFamily: FONT, fontSize: 12 },
      externalStyle: { fontFamily: FONT, fontSize: 12 },
    },
    zoomScroll: wheel,
  });
  const { warnings } = await viewer.importXML(xml);
  if (warnings.length) console.warn(warnings);
  drawState(viewer, state);
  const canvas = viewer.get('canvas');
  canvasBox.before(toolbar(canvas, () => fit(canvas)));
  canvasBox.after(legend(state));
  settle(box, viewer, state);
  wheelOnlyInUse(box, viewer.get('zoomScroll'), wheel);
}

/** Name the drawing, choose the first view, and keep it through changes of size. */
function settle(box, viewer, state) {
  const canvas = viewer.get('canvas');
  const drawing = box.querySelector('.djs-container svg');
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', box.getAttribute('aria-label') ?? document.title);
  firstView(viewer, state);
  new ResizeObserver(() => canvas.resized()).observe(box);
  box.dispatchEvent(new CustomEvent('kartabl:diagram', { bubbles: true }));
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

/** Show the whole diagram with a margin. */
function fit(canvas) {
  canvas.zoom('fit-viewport');
  const { inner, outer } = canvas.viewbox();
  const across = (outer.width - 2 * MARGIN) / inner.width;
  const down = (outer.height - 2 * MARGIN) / inner.height;
  const scale = Math.min(across, down, 1);
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({
    x: inner.x - (width - inner.width) / 2,
    y: inner.y - (height - inner.height) / 2,
    width,
    height,
  });
  return scale;
}

function firstView(viewer, state) {
  const canvas = viewer.get('canvas');
  if (fit(canvas) >= READABLE) return;
  const node = firstOfInterest(viewer, state);
  const { outer } = canvas.viewbox();
  const scale = outer.width < 600 ? READABLE : 0.8;
  const [width, height] = [outer.width / scale, outer.height / scale];
  const middle = { x: node.x + node.width / 2, y: node.y + node.height / 2 };
  canvas.viewbox({ x: middle.x - width / 2, y: middle.y - height / 2, width, height });
}

/** Let the wheel scroll the page until somebody works in the diagram. */
function wheelOnlyInUse(box, zoomScroll, wheel) {
  const use = (on) => {
    wheel.enabled = on;
    zoomScroll.toggle(on);
  };
  box.addEventListener('pointerdown', () => use(true));
  box.addEventListener('focusin', () => use(true));
  box.addEventListener('pointerleave', () => use(false));
}

start(document);
document.addEventListener('htmx:load', ({ target }) => start(target));
