// Prometheus' text format, and what two readings of it tell: rates and times to answer.

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

// {at: milliseconds, samples: Map of "name" -> [{labels, value}]}
export function parse(text) {
  const samples = new Map();
  for (const line of text.split('\n')) {
    const found = LINE.exec(line);
    if (!found) continue;
    const labels = {};
    for (const [, name, value] of (found[2] || '').matchAll(LABEL)) {
      labels[name] = value.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
    }
    if (!samples.has(found[1])) samples.set(found[1], []);
    samples.get(found[1]).push({ labels, value: Number(found[3].replace('Inf', 'Infinity')) });
  }
  return { at: performance.now(), samples };
}

const matches = (labels, wanted) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

// The sum of the samples of a name that have these labels; 0 where there are none.
export function sum(reading, name, wanted = {}) {
  return (reading.samples.get(name) || [])
    .filter((sample) => matches(sample.labels, wanted))
    .reduce((total, sample) => total + sample.value, 0);
}

// How much a counter grew a second. A restart between the two counts from zero.
export function rate(before, after, name, wanted = {}) {
  const grown = sum(after, name, wanted) - sum(before, name, wanted);
  const seconds = (after.at - before.at) / 1000;
  return seconds > 0 ? Math.max(grown, 0) / seconds : 0;
}

// The calls of each method between two readings: {method, calls, errors, half, most}; the last two
// are seconds, read off the histogram's buckets.
export function calls(before, after) {
  const methods = new Set((after.samples.get('grpc_server_handling_seconds_count') || [])
    .map((sample) => sample.labels.grpc_method));
  const found = [];
  for (const method of methods) {
    const of = { grpc_method: method };
    const handled = sum(after, 'grpc_server_handling_seconds_count', of)
      - sum(before, 'grpc_server_handling_seconds_count', of);
    if (handled <= 0) continue;
    const good = sum(after, 'grpc_server_handled_total', { ...of, grpc_code: 'OK' })
      - sum(before, 'grpc_server_handled_total', { ...of, grpc_code: 'OK' });
    const steps = buckets(before, after, of);
    found.push({
      method,
      calls: handled,
      errors: Math.max(handled - good, 0),
      half: quantile(steps, 0.5),
      most: quantile(steps, 0.99),
    });
  }
  return found.sort((a, b) => b.calls - a.calls);
}

// [{bound, calls up to it}], ascending.
function buckets(before, after, of) {
  const name = 'grpc_server_handling_seconds_bucket';
  return (after.samples.get(name) || [])
    .filter((sample) => matches(sample.labels, of))
    .map((sample) => ({
      bound: Number(sample.labels.le.replace('+Inf', 'Infinity')),
      count: sample.value - sum(before, name, { ...of, le: sample.labels.le }),
    }))
    .sort((a, b) => a.bound - b.bound);
}

// As Prometheus' histogram_quantile: evenly spread within a bucket.
function quantile(steps, share) {
  if (!steps.length || steps.at(-1).count <= 0) return NaN;
  const wanted = share * steps.at(-1).count;
  const index = steps.findIndex((step) => step.count >= wanted);
  const below = index > 0 ? steps[index - 1] : { bound: 0, count: 0 };
  const step = steps[index];
  if (step.bound === Infinity) return below.bound;
  return below.bound + (step.bound - below.bound)
    * ((wanted - below.count) / (step.count - below.count));
}
