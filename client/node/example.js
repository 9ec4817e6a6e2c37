// Submits two copies of an article and prints what wonbon decided about each. No generated code.
//
// npm install && node example.js [ADDRESS [PROTO_FOLDER]]
'use strict';

const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address = '127.0.0.1:7443', folder = path.join(__dirname, '../../proto')] = process.argv.slice(2);
const definition = loader.loadSync(
    'wonbon/v1/dedup_service.proto', {includeDirs: [folder], longs: String, enums: String});
const {DedupService} = grpc.loadPackageDefinition(definition).wonbon.v1;
const client = new DedupService(address, grpc.credentials.createInsecure());

const title = '전주 도서관, 밤 10시까지 연다';
const body =
    '전주시가 다음 달부터 시립도서관 열람실을 밤 10시까지 연다. 시는 평일 저녁 이용자가 한 해 사이 ' +
    '38% 늘었다며 도서관 12곳의 문 닫는 시각을 두 시간 늦추고 사서 24명을 더 뽑는다고 밝혔다.';

function submit(document) {
  return new Promise((resolve, reject) => {
    client.submit({document}, {deadline: Date.now() + 30000},
        (error, response) => error ? reject(error) : resolve(response.decision));
  });
}

async function main() {
  for (const publisher of ['가람통신', '누리신문']) {
    const {relation, clusterId} = await submit({id: `node-${publisher}`, title, body, publisher});
    console.log(`${publisher}: ${relation} in ${clusterId}`);
  }
  client.close();
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
