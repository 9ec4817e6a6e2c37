// The frame around the pages: which one the address names, in which language, for which collection;
// what is said when the server is away or wants a key.
import { call, CallError, Gone, key, news, text } from './api.js';
import { h, field, replace } from './dom.js';
import { setLanguage } from './format.js';
import { explain } from './terms.js';
import { choose, language, t } from './words.js';

const PAGES = {
  overview: () => import('./overview.js'),
  clusters: () => import('./clusters.js'),
  cluster: () => import('./cluster.js'),
  compare: () => import('./compare.js'),
  feed: () => import('./feed.js'),
  forms: () => import('./forms.js'),
  collections: () => import('./collections.js'),
  slow: () => import('./slow.js'),
  backups: () => import('./backups.js'),
  configuration: () => import('./configuration.js'),
};
const LISTED = ['overview', 'clusters', 'compare', 'feed', 'forms', 'collections', 'slow',
  'backups', 'configuration'];

const at = (id) => document.getElementById(id);
let leave = new AbortController();
let collections = [];

// "#/clusters?order=LARGEST" -> {name, argument, query}
function address() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, argument] = path.split('/');
  return {
    name: PAGES[name] ? name : 'overview',
    argument: argument ? decodeURIComponent(argument) : '',
    query: new URLSearchParams(query || ''),
  };
}

// The address of a page in the collection that is looked at.
export function link(page, parameters = {}) {
  const query = new URLSearchParams();
  const collection = parameters.collection ?? address().query.get('collection');
  for (const [name, value] of Object.entries({ ...parameters, collection })) {
    if (value) query.set(name, value);
  }
  return `#/${page}${query.size ? `?${query}` : ''}`;
}

export function say(words, trouble = false) {
  const notice = h('p', { class: trouble ? 'notice trouble' : 'notice' }, words);
  at('notices').append(notice);
  setTimeout(() => notice.remove(), trouble ? 12000 : 6000);
}

function drawNav(current) {
  at('nav').setAttribute('aria-label', t('pages'));
  replace(at('nav'), LISTED.map((name) => h('a', {
    href: link(name),
    'aria-current': name === current || (current === 'cluster' && name === 'clusters')
      ? 'page' : null,
  }, t(`page.${name}`))));
}

function drawTools() {
  const { query } = address();
  const names = new Set(['default', ...collections, query.get('collection') || 'default']);
  const choice = h('select', {
    'aria-label': t('collection'),
    onchange: () => {
      const chosen = choice.value === 'default' ? '' : choice.value;
      const page = address().name === 'cluster' ? 'clusters' : address().name;
      location.hash = link(page, { collection: chosen });
    },
  }, [...names].map((name) => h('option', { value: name }, name)));
  choice.value = query.get('collection') || 'default';
  replace(at('tools'), choice,
    key.get() ? h('button', {
      class: 'quiet',
      onclick: () => {
        key.set('');
        open();
      },
    }, t('key.forget')) : null,
    h('button', {
      class: 'quiet',
      lang: language() === 'ko' ? 'en' : 'ko',
      onclick: () => {
        choose(language() === 'ko' ? 'en' : 'ko');
        open();
      },
    }, language() === 'ko' ? 'English' : '한국어'));
}

async function readCollections() {
  try {
    const page = await call('CollectionService/ListCollections', { pageSize: 1000 });
    collections = (page.collections || []).map((collection) => collection.name);
    drawTools();
  } catch {
    // The page itself says what is wrong.
  }
}

// What a page is given. Once another one is opened `signal` is given, and nothing is polled.
function viewOf({ argument, query }, signal) {
  const view = {
    root: at('main'),
    argument,
    query,
    collection: query.get('collection') || '',
    signal,
    link,
    say,
    call: (rpc, request) => call(rpc, request, signal),
    // Puts what is wrong in the place of what was to be shown.
    fail: (error, place = view.root) => {
      if (error.name === 'AbortError' || error instanceof Gone) return;
      if (error instanceof CallError && error.status === 401) return;  // asked for already
      replace(place, h('p', { class: 'trouble', role: 'alert' }, explain(error)));
    },
    // Now, then after `first`, then again and again, while somebody looks.
    every: async (milliseconds, look, first = milliseconds) => {
      for (let wait = first; !signal.aborted; wait = milliseconds) {
        if (!document.hidden) await look();
        const pause = wait;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    },
  };
  return view;
}

async function open() {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const where = address();
  setLanguage(language());
  document.documentElement.lang = language();
  document.title = `${t(`page.${where.name}`)} – ${t('name')}`;
  at('brand').textContent = t('name');
  at('skip').textContent = t('skip');
  drawNav(where.name);
  drawTools();
  at('key')?.remove();
  replace(at('main'), h('p', { class: 'muted' }, t('loading')));
  try {
    const page = await PAGES[where.name]();
    if (signal.aborted) return;
    const view = viewOf(where, signal);
    await page.open(view);
  } catch (error) {
    if (!signal.aborted) viewOf(where, signal).fail(error);
  }
}

// The server wants a key, or another one.
function askForKey(error) {
  if (at('key')) {
    at('key').querySelector('.trouble').textContent = explain(error);
    return;
  }
  const input = h('input', { type: 'password', autocomplete: 'off', required: true });
  at('main').before(h('form', {
    id: 'key',
    class: 'panel',
    onsubmit: (event) => {
      event.preventDefault();
      key.set(input.value.trim());
      readCollections();
      open();
    },
  },
  h('h2', {}, t('key.title')),
  h('p', { class: 'trouble', role: 'alert' }, explain(error)),
  field(t('key.label'), input, t('key.hint')),
  h('button', { class: 'primary', type: 'submit' }, t('key.use'))));
  input.focus();
}

function sayAway() {
  if (at('away')) return;
  document.body.dataset.away = true;
  at('main').before(h('p', { id: 'away', class: 'banner trouble', role: 'alert' }, t('away')));
}

// It answers again: while its index is loaded it says how far it is.
async function sayBack() {
  for (;;) {
    const { ok, text: words } = await text('/readyz').catch(() => ({ ok: false, text: null }));
    if (words === null) return;  // away again
    if (ok || !/rebuilding/.test(words)) break;
    if (at('away')) at('away').textContent = `${t('loading.index')} ${words.trim()}`;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  at('away')?.remove();
  delete document.body.dataset.away;
  say(t('back'));
  readCollections();
  if (!at('main').querySelector('[data-keep]')) open();  // not over what somebody writes
}

news.addEventListener('gone', sayAway);
news.addEventListener('back', sayBack);
news.addEventListener('key', (event) => askForKey(event.detail));
addEventListener('hashchange', () => {
  if (location.hash === '#main') return;
  open();
  at('main').focus({ preventScroll: true });
  scrollTo(0, 0);
});
at('skip').addEventListener('click', (event) => {
  event.preventDefault();
  at('main').focus();
});
open();
readCollections();
