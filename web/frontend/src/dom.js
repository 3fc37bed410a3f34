// Making elements, and telling the islands about new ones.

const SVG = 'http://www.w3.org/2000/svg';

/** Make an element with attributes and children; an attribute of null or false is left out. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children);
  return node;
}

/** Make a small decorative icon from path data drawn on a 24 by 24 grid. */
export function icon(pathData, className = 'k-icon') {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  const drawing = { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.75' };
  const ends = { 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  for (const [key, value] of Object.entries({ ...drawing, ...ends })) svg.setAttribute(key, value);
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', pathData);
  svg.append(path);
  return svg;
}

/** Find what a selector names in a root, the root itself included. */
export function within(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) found.unshift(root);
  return found;
}

/** Do something once for each element a selector names, however often its page part is started. */
export function once(root, selector, mark, start) {
  for (const node of within(root, selector)) {
    if (node.dataset[mark]) continue;
    node.dataset[mark] = 'on';
    start(node);
  }
}

/** Let the islands start in an element that a script has put into the page. */
export function announceNew(node) {
  node.dispatchEvent(new CustomEvent('kartabl:added', { bubbles: true }));
}
