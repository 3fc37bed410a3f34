// What stands around a diagram: buttons, legend, messages. Nothing of it covers the bpmn.io watermark.

import { element, icon } from './dom.js';
import { words } from './words.js';

const STEP = 1.25;
const RANGE = { least: 0.2, most: 3 };
const ICONS = {
  in: 'M5 12h14M12 5v14',
  out: 'M5 12h14',
  fit: 'M4 8V6a2 2 0 0 1 2-2h2M4 16v2a2 2 0 0 0 2 2h2M16 4h2a2 2 0 0 1 2 2v2M16 20h2a2 2 0 0 0 2-2v-2',
};

/** Make the zoom buttons of a canvas. */
export function toolbar(canvas, fit) {
  const by = (factor) => canvas.zoom(Math.min(RANGE.most, Math.max(RANGE.least, canvas.zoom() * factor)));
  return element(
    'div',
    { class: 'k-diagram-tools k-no-print' },
    button('in', words.zoomIn, () => by(STEP)),
    button('out', words.zoomOut, () => by(1 / STEP)),
    button('fit', words.zoomFit, fit),
  );
}

function button(kind, label, action) {
  const attributes = { type: 'button', class: 'btn btn-sm', 'data-zoom': kind, 'aria-label': label, title: label };
  const node = element('button', attributes, icon(ICONS[kind]));
  node.addEventListener('click', action);
  return node;
}

/** Explain the colours that this state uses. */
export function legend(state) {
  const used = [
    ['done', words.legendDone, state.done],
    ['current', words.legendCurrent, state.current],
    ['failed', words.legendFailed, state.failed],
  ].filter(([, , ids]) => ids?.length);
  const items = used.map(([kind, text]) => element('li', { class: `is-${kind}` }, text));
  return element('ul', { class: 'k-diagram-legend', hidden: !items.length }, ...items);
}

export function message(text, failed = false) {
  const kind = failed ? 'k-diagram-message is-failed' : 'k-diagram-message';
  return element('p', { class: kind, role: failed ? 'alert' : 'status' }, text);
}
