// How the server is: what it holds, how busy it is, what is wrong.
import { text } from './api.js';
import { bar } from './bars.js';
import { h, replace, table } from './dom.js';
import { ago, bytes, count, decimal, percent, seconds, span, time } from './format.js';
import { calls, parse, rate, sum } from './metrics.js';
import { t } from './words.js';

const EVERY = 5000;
const FIRST = 1000;    // the second reading comes sooner, for there are no rates before it
const MOST = 8;        // rpcs listed
const PARTS = [        // of the memory, by the components that they are of
  ['index', ['entries', 'keys', 'samples', 'clusters', 'families', 'versions']],
  ['cache', ['article_cache']],
  ['frequencies', ['document_frequencies']],
  ['store', ['memtables', 'block_cache', 'table_readers']],
  ['requests', ['requests']],
  ['program', ['program']],
  ['allocator', ['allocator']],
  ['rest', ['unaccounted']],
];
const WINDOW = 60000;  // what rates and times to answer are of

export async function open(view) {
  const readings = [];
  replace(view.root, h('h1', {}, t('page.overview')), h('div', { id: 'overview' }));
  const place = view.root.querySelector('#overview');
  const look = async () => {
    const [stats, metrics, ready] = await Promise.all([
      view.call('AdminService/GetStats'),
      text('/metrics', view.signal),
      text('/readyz?verbose', view.signal),
    ]);
    const now = parse(metrics.text);
    readings.push(now);
    while (readings.length > 2 && now.at - readings[1].at >= WINDOW) readings.shift();
    replace(place, ...draw(stats, readings, ready.text));
  };
  await view.every(EVERY, () => look().catch((error) => view.fail(error, place)), FIRST);
}

function draw(stats, readings, ready) {
  const now = readings.at(-1);
  return [
    state(stats, ready),
    h('div', { class: 'cards' }, figures(stats, readings)),
    latency(readings),
    h('div', { class: 'halves' }, memory(now), disk(now)),
    server(stats, now),
  ];
}

// "writes: cannot write: ..." a line -> what is not "ok"
function troubles(ready) {
  return ready.split('\n').map((line) => line.split(/: (.*)/)).filter(([name, words]) =>
    name && words !== undefined && words !== 'ok');
}

function state(stats, ready) {
  const bad = troubles(ready);
  const words = stats.cannotWrite && !bad.some(([name]) => name === 'writes')
    ? [['writes', stats.cannotWrite], ...bad] : bad;
  return h('section', { class: words.length ? 'state trouble' : 'state fine', id: 'state' },
    h('h2', {}, t(words.length ? 'overview.state.bad' : 'overview.state.ok')),
    stats.cannotWrite ? h('p', {}, h('strong', {}, t('overview.readonly'))) : null,
    words.map(([name, what]) => h('p', {},
      h('strong', {}, t(`overview.condition.${name}`)), ' ', what)));
}

function card(title, value, hint) {
  return h('section', { class: 'card' }, h('h2', {}, title),
    h('p', { class: 'figure' }, value), hint ? h('p', { class: 'hint' }, hint) : null);
}

function figures(stats, readings) {
  const documents = Number(stats.documents || 0);
  const clusters = Number(stats.clusters || 0);
  const cards = [
    card(t('overview.documents'), count(documents),
      `${t('overview.clusters')} ${count(clusters)}`),
    card(t('overview.share'), percent(documents ? (documents - clusters) / documents : 0),
      t('overview.share.hint')),
  ];
  if (stats.lastDay) cards.push(lastDay(stats.lastDay));
  const [first, last] = [readings[0], readings.at(-1)];
  const both = readings.length > 1;
  const submitted = both && rate(first, last, 'wonbon_decisions_total');
  const checked = both && rate(first, last, 'grpc_server_handled_total', { grpc_method: 'Check' });
  cards.push(card(t('overview.rate'), both
    ? decimal(submitted) : '…',
  both ? t('overview.checks', { value: decimal(checked) }) : t('overview.wait')));
  cards.push(card(t('overview.queue'), count((stats.queuedRequests || 0)
    + (stats.queuedCommits || 0)), t('overview.queue.value', {
    requests: count(stats.queuedRequests), commits: count(stats.queuedCommits),
  })));
  return cards;
}

function lastDay(day) {
  const decisions = Number(day.decisions || 0);
  const title = t('overview.day', { span: span(seconds(day.span)) });
  if (!decisions) return card(title, '–', t('overview.day.none'));
  const share = percent(Number(day.duplicates || 0) / decisions);
  return card(title, share, t('overview.day.value', { count: count(decisions) }));
}

function latency(readings) {
  const shown = (title, what) => h('section', {}, h('h2', {}, title), what);
  const said = (words) => h('p', { class: 'muted' }, words);
  if (readings.length < 2) return shown(t('overview.latency'), said(t('overview.wait')));
  const length = (readings.at(-1).at - readings[0].at) / 1000;
  const title = t('overview.latency.of', { span: span(length) });
  const rows = calls(readings[0], readings.at(-1)).slice(0, MOST);
  if (!rows.length) return shown(title, said(t('overview.idle')));
  return shown(title, table(title, [
    { name: t('overview.call'), cell: (row) => h('code', {}, row.method) },
    { name: t('overview.calls'), number: true, cell: (row) => count(row.calls) },
    { name: t('overview.errors'), number: true, cell: (row) => count(row.errors) },
    { name: t('overview.half'), number: true, cell: (row) => span(row.half) },
    { name: t('overview.most'), number: true, cell: (row) => span(row.most) },
  ], rows));
}

function memory(now) {
  const used = sum(now, 'wonbon_memory_bytes');
  const limit = sum(now, 'wonbon_memory_limit_bytes');
  // Of all that is resident, the pages of files included, which do not count against the limit.
  const parts = PARTS.map(([name, components]) => [t(`overview.memory.${name}`),
    components.reduce((total, component) =>
      total + sum(now, 'wonbon_memory_component_bytes', { component }), 0)]);
  return h('section', {}, h('h2', {}, t('overview.memory')),
    bar(parts, limit ? [t('overview.memory.free'), Math.max(limit - used, 0)] : null),
    h('p', { class: 'hint' }, limit
      ? t('overview.memory.total', { used: bytes(used), limit: bytes(limit) })
      : t('overview.memory.nolimit', { used: bytes(used) })));
}

function disk(now) {
  const size = sum(now, 'wonbon_disk_bytes');
  const free = sum(now, 'wonbon_disk_free_bytes');
  const store = sum(now, 'wonbon_store_bytes');
  return h('section', {}, h('h2', {}, t('overview.disk')),
    bar([[t('overview.disk.store'), store],
      [t('overview.disk.others'), Math.max(size - free - store, 0)]],
    [t('overview.disk.free'), free]),
    h('p', { class: 'hint' }, t('overview.disk.total', { size: bytes(size) })));
}

function server(stats, now) {
  const backup = sum(now, 'wonbon_last_backup_time_seconds');
  const row = (name, value) => [h('dt', {}, name), h('dd', {}, value)];
  return h('section', {}, h('h2', {}, t('overview.server')), h('dl', { class: 'facts' },
    row(t('overview.version'), stats.version),
    row(t('overview.uptime'), `${span(seconds(stats.uptime))} (${time(stats.startedAt)})`),
    row(t('overview.sequence'), count(stats.sequence)),
    row(t('overview.durability'), t(stats.durability === 'DURABILITY_ASYNC'
      ? 'overview.async' : 'overview.sync')),
    row(t('overview.backup'), backup ? ago(new Date(backup * 1000).toISOString()) : t('none'))));
}
