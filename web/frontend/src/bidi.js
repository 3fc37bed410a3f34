// Text in diagrams: each label gets the direction of its own first letter.
//
// bpmn-js draws inside a left-to-right box, because its coordinates are so; without this, a colon or
// bracket at the end of a Persian line lands on the wrong side (bpmn-io/bpmn-js#924).

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LETTER = /\p{L}/u;
const STRIP_ENDS = 6;

function isRightToLeft(text) {
  const first = LETTER.exec(text);
  return Boolean(first && RTL.test(first[0]));
}

class BidiText {
  static $inject = ['textRenderer'];

  constructor(textRenderer) {
    const createText = textRenderer.createText.bind(textRenderer);
    textRenderer.createText = (text, options) => direct(createText(text, roomy(options)), text, options);
  }
}

/** Keep the name of a lane or pool off the ends of its strip; what stands in a task brings its own padding. */
function roomy(options) {
  const inStrip = options?.align === 'center-middle' && options.padding === undefined;
  return inStrip ? { ...options, padding: { left: STRIP_ENDS, right: STRIP_ENDS } } : options;
}

/** Set the direction of a drawn text, and drop the spaces that would push its lines off centre. */
function direct(node, text, options) {
  const rtl = isRightToLeft(text);
  const rightAligned = rtl && String(options?.align ?? '').startsWith('left');
  node.style.direction = rtl ? 'rtl' : 'ltr';
  node.style.textAnchor = rtl ? 'end' : 'start';
  for (const line of node.querySelectorAll('tspan')) {
    line.textContent = line.textContent.trimEnd();
    if (rightAligned) toRight(line, node, options);
  }
  return node;
}

/** Align a line to the right edge of its box, where a Persian note starts. */
function toRight(line, node, { box, padding }) {
  if (!box?.width) return;
  node.style.textAnchor = 'start';
  line.setAttribute('x', box.width - (typeof padding === 'number' ? padding : 5));
}

export const bidiModule = { __init__: ['bidiText'], bidiText: ['type', BidiText] };
