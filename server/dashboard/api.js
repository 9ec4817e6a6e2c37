// Calls of the server's rpcs as JSON over HTTP, its metrics, and its feed of events.

const KEY = 'wonbon.key';

// An answer that is an error. `reason`: of google.rpc.ErrorInfo, "KEY_MISSING".
export class CallError extends Error {
  constructor(status, code, message, reason) {
    super(message);
    this.status = status;
    this.code = code;
    this.reason = reason;
  }
}
// No answer at all: the server is down, or the way to it.
export class Gone extends Error {}

// 'gone' and 'back': the server does not answer, and does again. 'key': it wants another key.
export const news = new EventTarget();
let gone = false;

export const key = {
  get: () => sessionStorage.getItem(KEY) || '',
  set: (text) => (text ? sessionStorage.setItem(KEY, text) : sessionStorage.removeItem(KEY)),
};

function tell(name, detail) {
  news.dispatchEvent(new CustomEvent(name, { detail }));
}

async function reach(path, options) {
  try {
    const reply = await fetch(path, { cache: 'no-store', credentials: 'omit', ...options });
    if (gone) {
      gone = false;
      tell('back');
    }
    return reply;
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    if (!gone) {
      gone = true;
      tell('gone');
      lookForIt();
    }
    throw new Gone('no answer');
  }
}

function lookForIt() {
  setTimeout(async () => {
    if (!gone) return;
    await reach('/livez', {}).catch(() => lookForIt());
  }, 2000);
}

function headers(more) {
  const all = { ...more };
  if (key.get()) all.authorization = `Bearer ${key.get()}`;
  return all;
}

async function refuse(reply) {
  const text = await reply.text();
  let error = new CallError(reply.status, '', text.trim() || reply.statusText, '');
  try {
    const told = JSON.parse(text);
    const info = (told.details || []).map((detail) => detail.debug).find((debug) => debug?.reason);
    error = new CallError(reply.status, told.code, told.message, info?.reason || '');
  } catch {
    // Not of an rpc: the text as it is.
  }
  if (reply.status === 401) tell('key', error);
  throw error;
}

// `rpc`: "DedupService/ListClusters". Throws CallError, Gone, or AbortError.
export async function call(rpc, request = {}, signal = undefined) {
  const reply = await reach(`/wonbon.v1.${rpc}`, {
    method: 'POST',
    headers: headers({ 'content-type': 'application/json' }),
    body: JSON.stringify(request),
    signal,
  });
  if (!reply.ok) await refuse(reply);
  return reply.json();
}

export async function text(path, signal) {
  const reply = await reach(path, { signal });
  return { ok: reply.ok, text: await reply.text() };
}

// Calls heard(response) for each message of WatchClusters behind `after` (null: from now on) until
// the signal is given or the stream ends. Not EventSource, which cannot show a key.
export async function watch(collection, after, heard, signal) {
  const query = new URLSearchParams();
  if (collection) query.set('collection', collection);
  if (after !== null) query.set('after', after);
  const reply = await reach(`/wonbon.v1.DedupService/WatchClusters?${query}`,
    { headers: headers({ accept: 'text/event-stream' }), signal });
  if (!reply.ok) await refuse(reply);
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart()).join('\n');
      if (data) heard(JSON.parse(data));
    }
  }
}
