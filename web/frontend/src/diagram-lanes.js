// The names of the lanes stay in sight when their own place has been moved out of it.

import { element } from './dom.js';

/** Width of a lane's own name strip, in units of the diagram. */
const NAME_WIDTH = 30;
/** Px of the screen below which what is seen of a lane is too thin for its name. */
const THINNEST = 84;

export function showLaneNames(canvasBox, viewer) {
  const lanes = viewer.get('elementRegistry').filter(({ type }) => type === 'bpmn:Lane');
  const named = lanes.map((lane) => [lane, element('span', { dir: 'auto' }, lane.businessObject.name ?? '')]);
  const strip = element('div', { class: 'k-diagram-lanes', 'aria-hidden': 'true' }, ...named.map(([, name]) => name));
  canvasBox.append(strip);
  const follow = ({ viewbox }) => {
    strip.hidden = !lanes.length || viewbox.x <= lanes[0].x + NAME_WIDTH / 2;
    if (!strip.hidden) for (const [lane, name] of named) put(name, lane, viewbox);
  };
  viewer.on('canvas.viewbox.changed', follow);
  follow({ viewbox: viewer.get('canvas').viewbox() });
}

/** Set a name beside the part of its lane that is seen, if there is room for the whole of it. */
function put(name, lane, { y, scale, outer }) {
  const top = Math.max(0, (lane.y - y) * scale);
  const bottom = Math.min(outer.height, (lane.y + lane.height - y) * scale);
  // Sideways text has block and inline directions of its own: physical words here.
  name.style.setProperty('top', `${top}px`);
  name.style.setProperty('height', `${Math.max(0, bottom - top)}px`);
  name.hidden = bottom - top < THINNEST;
  if (!name.hidden) name.hidden = name.scrollWidth > name.clientWidth + 1;
}
