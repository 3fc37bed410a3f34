// Drafts: what is typed is kept on the server two seconds after the last change.

import { once } from './dom.js';
import { csrfToken } from './htmx.js';
import { digits, words } from './words.js';

const IDLE = 2000;

export function start(root) {
  once(root, 'form[data-draft-url]', 'draftReady', (form) => new Draft(form));
}

class Draft {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector('[data-draft-status]') ?? document.createElement('span');
    for (const kind of ['input', 'change']) form.addEventListener(kind, () => this.changed());
    form.addEventListener('submit', (event) => event.defaultPrevented || this.stop());
    window.addEventListener('pagehide', () => this.timer && this.save());
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), IDLE);
  }

  /** The form itself is on its way: a draft arriving after it would bring old values back. */
  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.request?.abort();
  }

  async save() {
    clearTimeout(this.timer);
    this.timer = null;
    this.request?.abort();
    const request = (this.request = new AbortController());
    this.say(words.draftSaving);
    try {
      const answer = await fetch(this.form.dataset.draftUrl, {
        method: 'POST',
        body: withoutFiles(new FormData(this.form)),
        headers: { 'X-CSRFToken': csrfToken(), Accept: 'application/json' },
        redirect: 'manual',
        keepalive: true,
        signal: request.signal,
      });
      this.answered(answer);
    } catch (error) {
      if (error.name !== 'AbortError') this.say(words.draftFailed, true);
    }
  }

  answered(answer) {
    if (answer.ok) {
      if (!this.timer) this.form.removeAttribute('data-dirty');
      this.say(words.draftSaved(clock()));
    } else if ([401, 403].includes(answer.status) || answer.type === 'opaqueredirect') {
      this.say(words.draftLoggedOut, true);
    } else {
      this.say(words.draftFailed, true);
    }
  }

  say(text, failed = false) {
    this.status.textContent = text;
    this.status.classList.toggle('is-failed', failed);
  }
}

function withoutFiles(data) {
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function clock() {
  const options = { hour: '2-digit', minute: '2-digit', hour12: false };
  return digits(new Date().toLocaleTimeString('en-GB', options));
}
