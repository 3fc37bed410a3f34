// What has happened in an instance, drawn on its diagram.

import { element, icon } from './dom.js';
import { digits, words } from './words.js';

const TAKEN = '#0b6b6b';
/** What is hung on the diagram keeps a readable size however small the diagram is drawn. */
const LEGIBLE = { scale: { min: 0.9, max: 1.1 } };
const ARROW = 'M7 17 17 7M8 7h9v9';

/** Mark elements and flows and hang the labels on them; an id that the diagram lacks is passed over. */
export function drawState(viewer, state) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const known = (ids = []) => ids.filter((id) => registry.get(id));
  for (const id of known(state.done)) canvas.addMarker(id, 'k-done');
  for (const id of known(state.failed)) canvas.addMarker(id, 'k-failed');
  for (const id of known(state.flows)) colourFlow(viewer, registry.get(id));
  for (const { id, label } of state.current ?? []) {
    if (registry.get(id)) markCurrent(viewer, registry.get(id), label);
  }
  for (const [id, count] of Object.entries(state.counts ?? {})) {
    if (registry.get(id) && count > 1) hangCount(viewer, registry.get(id), count);
  }
  for (const [id, url] of Object.entries(state.links ?? {})) {
    if (registry.get(id)) hangLink(viewer, registry.get(id), url);
  }
}

/** Give the element that a reader wants to see first: where it stands, where it ended, or where it starts. */
export function firstOfInterest(viewer, state) {
  const registry = viewer.get('elementRegistry');
  const drawn = (ids = []) => ids.map((id) => registry.get(id)).filter(Boolean);
  const [current] = drawn([...(state.current ?? []).map(({ id }) => id), ...(state.failed ?? [])]);
  if (current) return current;
  // A reminder has an end of its own; the case's end lies furthest along.
  const ends = drawn(state.done).filter(({ type }) => type === 'bpmn:EndEvent');
  const [last] = ends.sort((one, other) => other.x - one.x);
  return last ?? registry.find(({ type }) => type === 'bpmn:StartEvent') ?? registry.getAll()[1];
}

/** Draw a flow in the colour of the path taken; bpmn-js colours its arrow head along with it. */
function colourFlow(viewer, flow) {
  flow.di.set('bioc:stroke', TAKEN);
  viewer.get('graphicsFactory').update('connection', flow, viewer.get('elementRegistry').getGraphics(flow));
  viewer.get('canvas').addMarker(flow, 'k-taken');
}

function markCurrent(viewer, shape, label) {
  viewer.get('canvas').addMarker(shape, 'k-current');
  if (!label) return;
  const badge = element('div', { class: 'k-diagram-badge', dir: document.dir || 'rtl' }, label);
  hang(viewer, shape, badge, { top: 0, left: shape.width / 2 });
}

/** Put the number on the upper left corner; a gateway has no corner there, only an edge further in. */
function hangCount(viewer, shape, count) {
  const inwards = shape.type.endsWith('Gateway') ? shape.width / 5 : 0;
  const badge = element('div', { class: 'k-diagram-count', title: words.times(digits(count)) }, digits(count));
  hang(viewer, shape, badge, { top: inwards, left: inwards });
}

function hangLink(viewer, shape, url) {
  const label = words.openDiagram(shape.businessObject.name ?? '');
  const link = element('a', { class: 'k-diagram-link', href: url, title: label, 'aria-label': label }, icon(ARROW));
  hang(viewer, shape, link, { bottom: 0, left: shape.width / 2 });
}

function hang(viewer, where, html, position) {
  viewer.get('overlays').add(where, { position, html, ...LEGIBLE });
}
