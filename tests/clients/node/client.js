// Submits, decodes a BadRequest and watches over a restart of the server.
//
// usage: client.js PROTO_FOLDER ADDRESS
'use strict';

const assert = require('assert');
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const [folder, address] = process.argv.slice(2);
const definition = loader.loadSync('wonbon/v1/dedup_service.proto', {includeDirs: [folder], longs: String});
const {DedupService} = grpc.loadPackageDefinition(definition).wonbon.v1;
const config = fs.readFileSync(process.env.SERVICE_CONFIG, 'utf8');
const client =
    new DedupService(address, grpc.credentials.createInsecure(), {'grpc.service_config': config});

const details = new protobuf.Root();
details.resolvePath = (origin, target) => `${folder}/${target}`;
details.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto']);

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// One unary call as a promise. Waits for the server where it is not there.
function call(method, request, seconds) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + seconds * 1000;
    client[method](request, new grpc.Metadata({waitForReady: seconds > 1}), {deadline},
        (error, response) => error ? reject(error) : resolve(response));
  });
}

const submit = (id, body) =>
    call('submit', {document: {id, title: '제목', body, publisher: '한국신문'}}, 60);

// May repeat what was done: the same document again is UNCHANGED.
async function submitOverARestart(id, body) {
  for (;; await pause(100)) {
    try {
      return await submit(id, body);
    } catch (error) {
      if (error.code !== grpc.status.UNAVAILABLE) throw error;
    }
  }
}

async function badField() {
  const error = await submit('bad', '').then(() => null, (refused) => refused);
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const status = details.lookupType('google.rpc.Status').decode(bytes);
  const bad = status.details.find((any) => any.type_url.endsWith('/google.rpc.BadRequest'));
  return details.lookupType('google.rpc.BadRequest').decode(bad.value).fieldViolations[0].field;
}

// Hands over the document of each event once, over whatever happens to the server.
function watch(onEvent, after = '0') {
  const stream = client.watchClusters({afterSequence: after}, new grpc.Metadata({waitForReady: true}));
  stream.on('data', (response) => {
    after = response.sequence;
    for (const event of response.events || []) onEvent(event.documentId);
  });
  stream.on('error', (error) => {
    assert.strictEqual(error.code, grpc.status.UNAVAILABLE, error.message);
    setTimeout(watch, 100, onEvent, after);
  });
}

async function next(events) {
  while (events.length === 0) await pause(20);
  return events.shift();
}

async function main() {
  await submit('a', '첫 번째 기사의 본문입니다.');
  assert.strictEqual(await badField(), 'document.body');
  const events = [];
  watch((id) => events.push(id));
  assert.strictEqual(await next(events), 'a');
  console.log('WATCHING');
  for (let up = true; up; await pause(50)) {
    up = await call('getDocument', {documentId: 'a'}, 1).then(() => true, () => false);
  }
  await submitOverARestart('b', '두 번째 기사의 본문은 전혀 다른 내용을 담았습니다.');
  assert.strictEqual(await next(events), 'b');
  console.log('DONE');
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
