// The calls that took long.
import { h, replace, table } from './dom.js';
import { bytes, count, exactTime, seconds, span } from './format.js';
import { t } from './words.js';

// gRPC's codes.
const CODES = ['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND',
  'ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED',
  'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'];

export async function open(view) {
  const answer = await view.call('AdminService/ListSlowCalls');
  const calls = answer.calls || [];
  const threshold = seconds(answer.threshold);
  let lead = t('slow.empty', { span: span(threshold) });
  if (!threshold) lead = t('slow.off');
  if (calls.length) {
    lead = t('slow.lead', {
      span: span(threshold), total: count(answer.total), count: count(calls.length),
    });
  }
  replace(view.root, h('h1', {}, t('page.slow')), h('p', { class: 'lead' }, lead),
    calls.length ? table(t('page.slow'), [
      { name: t('slow.took'), number: true, cell: (call) => span(seconds(call.took)) },
      { name: t('slow.rpc'), cell: (call) => h('code', {}, call.rpc.split('/').pop()) },
      { name: t('slow.began'), cell: (call) => exactTime(call.beganAt) },
      { name: t('slow.collection'), cell: (call) => call.collection || '' },
      { name: t('slow.code'), cell: (call) => CODES[call.code || 0] || call.code },
      {
        name: t('slow.bytes'),
        number: true,
        cell: (call) => `${bytes(call.requestBytes)} / ${bytes(call.responseBytes)}`,
      },
      { name: t('slow.caller'), cell: (call) => call.caller || '' },
      { name: t('slow.trace'), cell: (call) => (call.traceparent
        ? h('code', {}, call.traceparent.split('-')[1]) : '') },
    ], calls) : null);
}
