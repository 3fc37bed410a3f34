// What stands around a diagram: buttons, legend, messages. Nothing of it covers the bpmn.io watermark.

import { element, icon } from './dom.js';
import { words } from './words.js';

const STEP = 1.25;
const ICONS = {
  in: 'M5 12h14M12 5v14',
  out: 'M5 12h14',
  fit: 'M4 8V6a2 2 0 0 1 2-2h2M4 16v2a2 2 0 0 0 2 2h2M16 4h2a2 2 0 0 1 2 2v2M16 20h2a2 2 0 0 0 2-2v-2',
  full: 'M15 3h6v6M9 21H3v-6M21 3l-7 7M3 21l7-7',
};

/** Make the buttons of a view. */
export function tools(view, screen) {
  return element(
    'div',
    { class: 'k-diagram-tools k-no-print', role: 'group', 'aria-label': words.diagramTools },
    button('in', words.zoomIn, () => view.zoomBy(STEP)),
    button('out', words.zoomOut, () => view.zoomBy(1 / STEP)),
    button('fit', words.zoomFit, () => view.whole()),
    button('full', words.fullScreen, () => screen.toggle()),
  );
}

function button(kind, label, action) {
  const attributes = { type: 'button', class: 'btn btn-sm', 'data-zoom': kind, 'aria-label': label, title: label };
  const node = element('button', attributes, icon(ICONS[kind]));
  node.addEventListener('click', action);
  return node;
}

/** Explain the marks that this state uses. */
export function legend(state) {
  const used = [
    ['done', words.legendDone, state.done?.length],
    ['taken', words.legendTaken, state.flows?.length],
    ['current', words.legendCurrent, state.current?.length],
    ['failed', words.legendFailed, state.failed?.length],
    ['count', words.legendCount, Object.values(state.counts ?? {}).some((count) => count > 1)],
    ['link', words.legendLink, Object.keys(state.links ?? {}).length],
  ].filter(([, , shown]) => shown);
  const items = used.map(([kind, text]) => element('li', { class: `is-${kind}` }, text));
  return element('ul', { class: 'k-diagram-legend', hidden: !items.length }, ...items);
}

/** Tell how to move about. */
export function hint() {
  return element('p', { class: 'k-diagram-hint k-no-print' }, words.diagramHint);
}

export function message(text, failed = false) {
  const kind = failed ? 'k-diagram-message is-failed' : 'k-diagram-message';
  return element('p', { class: kind, role: failed ? 'alert' : 'status' }, text);
}
