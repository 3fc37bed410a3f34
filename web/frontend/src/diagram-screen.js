// A diagram on the whole screen; where the browser has no such mode, over the whole window.

const COVER = 'is-full';

/** Return how to ask for the whole screen and how to leave it; `changed` runs after each. */
export function screenOf(box, changed) {
  const isFull = () => document.fullscreenElement === box || box.classList.contains(COVER);
  const cover = (on) => {
    box.classList.toggle(COVER, on);
    document.documentElement.classList.toggle('has-k-diagram-full', on);
    changed();
  };
  const enter = async () => {
    try {
      await box.requestFullscreen();
    } catch {
      cover(true);
    }
  };
  const leave = () => (document.fullscreenElement ? document.exitFullscreen() : cover(false));
  box.addEventListener('fullscreenchange', changed);
  box.addEventListener('keydown', ({ key }) => key === 'Escape' && box.classList.contains(COVER) && cover(false));
  // The notice behind the bpmn.io watermark opens in the page.
  box.addEventListener('click', ({ target }) => target.closest('.bjs-powered-by') && isFull() && leave(), true);
  return { isFull, toggle: () => (isFull() ? leave() : enter()) };
}
