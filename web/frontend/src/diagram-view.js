// Which part of a diagram is seen, how large, and how high its box is.

import { firstOfInterest } from './diagram-state.js';

/** Below this scale the labels cannot be read: show a part instead of the whole. */
const READABLE = 0.5;
/** The scale at which a part is shown, in a wide box and in a narrow one. */
const COMFORT = { wide: 0.75, narrow: 0.65 };
const NARROW = 600;
/** Free room around the diagram, in px of the screen; the bpmn.io watermark stands in the lower one. */
const ROOM = { top: 12, side: 16, bottom: 42 };
/** Of the window's height, what a box may take. */
const MOST_HEIGHT = 0.7;
const LEAST_HEIGHT = 220;
const SCALES = { least: 0.15, most: 3 };

export class View {
  #canvas;
  #viewer;
  #state;
  #box;
  #canvasBox;
  /** What to do when the box changes its size; nothing once somebody has moved the diagram. */
  #again = () => {};

  constructor(box, canvasBox, viewer, state) {
    this.#box = box;
    this.#canvasBox = canvasBox;
    this.#viewer = viewer;
    this.#state = state;
    this.#canvas = viewer.get('canvas');
    let size = '';
    new ResizeObserver(([{ contentRect }]) => {
      const now = `${contentRect.width}x${contentRect.height}`;
      if (now === size || !contentRect.width) return;
      size = now;
      this.#canvas.resized();
      this.#again();
    }).observe(canvasBox);
  }

  /** Show the whole diagram where its text can be read, else the part that a reader wants to see first. */
  first() {
    this.#again = () => this.first();
    if (this.#isHidden()) return;
    this.#setHeight();
    const { inner, outer } = this.#viewbox();
    const scale = this.#wholeScale(inner, outer);
    if (scale >= READABLE) this.#centre(scale);
    else this.#showFirst(comfort(outer));
  }

  /** Show the whole diagram, however small. */
  whole() {
    this.#again = () => this.whole();
    if (this.#isHidden()) return;
    const { inner, outer } = this.#viewbox();
    this.#centre(this.#wholeScale(inner, outer));
  }

  /** Zoom by a factor, keeping a point of the box where it is; its middle by default. */
  zoomBy(factor, point) {
    this.#again = () => {};
    const { x, y, scale, outer } = this.#viewbox();
    const { x: px, y: py } = point ?? { x: outer.width / 2, y: outer.height / 2 };
    const wanted = Math.min(SCALES.most, Math.max(SCALES.least, scale * factor));
    this.#place(wanted, x + px / scale - px / wanted, y + py / scale - py / wanted);
  }

  /** Move the diagram by px of the screen, and never quite out of sight. */
  moveBy(dx, dy) {
    this.#again = () => {};
    const { x, y, scale, inner, outer } = this.#viewbox();
    const seen = { x: outer.width / scale / 4, y: outer.height / scale / 4 };
    this.#place(
      scale,
      clamp(x - dx / scale, inner.x - 3 * seen.x, inner.x + inner.width - seen.x),
      clamp(y - dy / scale, inner.y - 3 * seen.y, inner.y + inner.height - seen.y),
    );
  }

  /** Tell whether its tab was closed meanwhile: what has no size is placed once it is seen again. */
  #isHidden() {
    return !this.#canvasBox.clientWidth;
  }

  #viewbox() {
    this.#canvas.resized();
    return this.#canvas.viewbox();
  }

  #place(scale, x, y) {
    const { outer } = this.#canvas.viewbox();
    this.#canvas.viewbox({ x, y, width: outer.width / scale, height: outer.height / scale });
  }

  #wholeScale(inner, outer) {
    const across = (outer.width - 2 * ROOM.side) / inner.width;
    const down = (outer.height - ROOM.top - ROOM.bottom) / inner.height;
    return Math.min(across, down, 1);
  }

  #centre(scale) {
    const { inner, outer } = this.#canvas.viewbox();
    const left = (outer.width - inner.width * scale) / 2;
    const above = (outer.height - ROOM.top - ROOM.bottom - inner.height * scale) / 2 + ROOM.top;
    this.#place(scale, inner.x - left / scale, inner.y - above / scale);
  }

  /** Put the first element of interest into the middle, as far as the diagram's edges allow. */
  #showFirst(scale) {
    const { inner, outer } = this.#canvas.viewbox();
    const node = firstOfInterest(this.#viewer, this.#state);
    const [width, height] = [outer.width / scale, outer.height / scale];
    const [top, side, bottom] = [ROOM.top, ROOM.side, ROOM.bottom].map((room) => room / scale);
    const x = node.x + (node.width - width) / 2;
    const y = node.y + (node.height - height) / 2;
    this.#place(
      scale,
      clamp(x, inner.x - side, inner.x + inner.width + side - width),
      clamp(y, inner.y - top, inner.y + inner.height + bottom - height),
    );
  }

  /** Make the box as high as the diagram at the scale it will have, within the window's share. */
  #setHeight() {
    const { inner, outer } = this.#viewbox();
    const around = this.#box.offsetHeight - this.#canvasBox.offsetHeight;
    const most = Math.max(LEAST_HEIGHT, window.innerHeight * MOST_HEIGHT - around);
    const across = Math.min(1, (outer.width - 2 * ROOM.side) / inner.width);
    const high = (scale) => inner.height * scale + ROOM.top + ROOM.bottom;
    const whole = Math.min(across, (most - ROOM.top - ROOM.bottom) / inner.height);
    const wanted = high(whole >= READABLE ? whole : comfort(outer));
    const height = Math.round(Math.min(most, Math.max(LEAST_HEIGHT, wanted)));
    this.#canvasBox.style.setProperty('--k-diagram-height', `${height}px`);
    this.#canvas.resized();
  }
}

function comfort({ width }) {
  return width < NARROW ? COMFORT.narrow : COMFORT.wide;
}

/** Keep a value within bounds; where they cross, the lower one holds. */
function clamp(value, least, most) {
  return Math.max(least, Math.min(value, most));
}
