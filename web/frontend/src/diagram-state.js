// What has happened in an instance, drawn on its diagram.

import { element } from './dom.js';
import { digits, words } from './words.js';

const TAKEN = '#0b6b6b';
/** Overlays keep a readable size however small the diagram is drawn. */
const LEGIBLE = { scale: { min: 0.8, max: 1.1 } };

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
    if (registry.get(id) && count > 1) hangCount(viewer, id, count);
  }
  for (const [id, url] of Object.entries(state.links ?? {})) {
    if (registry.get(id)) hangLink(viewer, registry.get(id), url, state.linkLabel);
  }
}

/** Give the element that a reader wants to see first: where it stands, or where it starts. */
export function firstOfInterest(viewer, state) {
  const registry = viewer.get('elementRegistry');
  const ids = [...(state.current ?? []).map(({ id }) => id), ...(state.failed ?? [])];
  const current = ids.map((id) => registry.get(id)).find(Boolean);
  if (current) return current;
  const last = (state.done ?? []).map((id) => registry.get(id)).filter(Boolean).at(-1);
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

function hangCount(viewer, id, count) {
  const badge = element('div', { class: 'k-diagram-count', title: words.times(digits(count)) }, digits(count));
  hang(viewer, id, badge, { top: 0, left: 0 });
}

function hangLink(viewer, shape, url, label) {
  const link = element('a', { class: 'k-diagram-link', href: url, dir: document.dir || 'rtl' }, label ?? words.open);
  const name = shape.businessObject.name;
  if (name) link.setAttribute('aria-label', `${label ?? words.open}: ${name}`);
  hang(viewer, shape, link, { bottom: 0, left: shape.width / 2 });
}

function hang(viewer, where, html, position) {
  viewer.get('overlays').add(where, { position, html, ...LEGIBLE });
}
