// Moving about in a diagram: by mouse, finger, wheel and keyboard.

/** Px of the screen that one press of an arrow moves. */
const STEP = 60;
const ZOOM_STEP = 1.25;
/** Px of a wheel's line, where it does not count in px. */
const LINE = 16;

/** Drag to move; two fingers zoom. A link stays a link. */
export function followPointer(canvasBox, view) {
  const held = new Map();
  const drop = ({ pointerId }) => {
    held.delete(pointerId);
    canvasBox.classList.toggle('is-held', held.size > 0);
  };
  canvasBox.addEventListener('pointerdown', (event) => {
    if (event.button > 1 || event.target.closest('a, button')) return;
    held.set(event.pointerId, within(event, canvasBox));
    canvasBox.setPointerCapture(event.pointerId);
    canvasBox.classList.add('is-held');
  });
  canvasBox.addEventListener('pointermove', (event) => {
    if (!held.has(event.pointerId)) return;
    const before = [...held.values()];
    held.set(event.pointerId, within(event, canvasBox));
    follow(view, before, [...held.values()]);
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) canvasBox.addEventListener(end, drop);
}

function follow(view, before, now) {
  const [from, to] = [middle(before), middle(now)];
  view.moveBy(to.x - from.x, to.y - from.y);
  if (now.length === 2 && spread(before) > 0) view.zoomBy(spread(now) / spread(before), to);
}

const middle = (points) => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

const spread = ([one, other]) => Math.hypot(one.x - other.x, one.y - other.y);

function within({ clientX, clientY }, node) {
  const { left, top } = node.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** The wheel scrolls the page, zooms with Ctrl, and moves the diagram where it fills the screen. */
export function followWheel(canvasBox, view, screen) {
  const turned = (event) => {
    const zooms = event.ctrlKey || event.metaKey;
    if (!zooms && !screen.isFull()) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE;
    if (zooms) view.zoomBy(Math.exp(-event.deltaY * unit * 0.002), within(event, canvasBox));
    else view.moveBy(-event.deltaX * unit, -event.deltaY * unit);
  };
  canvasBox.addEventListener('wheel', turned, { passive: false });
}

/** Arrows move, plus and minus zoom, 0 shows the whole, Home the first view, F fills the screen. */
export function followKeys(drawing, view, screen) {
  const keys = {
    ArrowLeft: () => view.moveBy(STEP, 0),
    ArrowRight: () => view.moveBy(-STEP, 0),
    ArrowUp: () => view.moveBy(0, STEP),
    ArrowDown: () => view.moveBy(0, -STEP),
    '+': () => view.zoomBy(ZOOM_STEP),
    '=': () => view.zoomBy(ZOOM_STEP),
    '-': () => view.zoomBy(1 / ZOOM_STEP),
    0: () => view.whole(),
    Home: () => view.first(),
    f: () => screen.toggle(),
  };
  drawing.addEventListener('keydown', (event) => {
    const action = keys[event.key] ?? keys[event.code === 'KeyF' ? 'f' : ''];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}
