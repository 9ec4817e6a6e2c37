// What happens to clusters, as it happens: the newest on top.
import { watch } from './api.js';
import { h, replace } from './dom.js';
import { exactTime } from './format.js';
import { eventName, eventWords } from './terms.js';
import { t } from './words.js';

const MOST = 200;    // events shown
const PAUSE = 2000;  // before the stream is begun anew

export async function open(view) {
  const list = h('ol', { class: 'feed', role: 'log', 'aria-label': t('page.feed') });
  const status = h('span', { class: 'muted', role: 'status' }, t('feed.waiting'));
  const empty = h('p', { class: 'muted' }, t('feed.empty'));
  let after = null;  // resume from here
  let running = null;
  const button = h('button', {
    onclick: () => {
      if (running) stop();
      else start();
    },
  });
  replace(view.root, h('h1', {}, t('page.feed')), h('p', { class: 'lead' }, t('feed.lead')),
    h('div', { class: 'buttons' }, button, status),
    h('div', { 'data-keep': true }, empty, list));

  function stop() {
    running.abort();
    running = null;
    button.textContent = t('feed.resume');
    status.textContent = t('feed.paused');
  }

  function start() {
    running = new AbortController();
    button.textContent = t('feed.pause');
    status.textContent = t('feed.waiting');
    listen(running.signal);
  }

  async function listen(signal) {
    while (!signal.aborted) {
      try {
        await watch(view.collection, after, (response) => {
          after = response.sequence ?? after;
          status.textContent = t('feed.connected');
          for (const event of response.events || []) add(event);
        }, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error.status === 401) return;
        if (error.reason === 'EVENTS_DROPPED' || error.reason === 'SEQUENCE_NOT_REACHED') {
          after = null;  // of another store, or too far back: from now on
        } else if (error.status === 403 || error.status === 404) {
          view.fail(error);
          return;
        }
      }
      status.textContent = t('feed.waiting');
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  function add(event) {
    empty.remove();
    list.prepend(h('li', { class: eventName(event).toLowerCase() },
      h('time', { datetime: event.committedAt || '' }, exactTime(event.committedAt)),
      h('a', { href: view.link(`cluster/${event.clusterId}`) }, event.clusterId),
      h('span', {}, eventWords(event))));
    while (list.children.length > MOST) list.lastChild.remove();
  }

  view.signal.addEventListener('abort', () => running?.abort());
  start();
}
