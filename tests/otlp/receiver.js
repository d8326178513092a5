// A collector: takes spans by OTLP over gRPC, decodes them with OpenTelemetry's
// own classes and prints each as a line of JSON. First it prints its port. The
// arguments are its manner and its address: "silent" never answers, "discards"
// answers and does no more. With the files of a certificate and its key, it takes
// spans over TLS.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

import grpc from '@grpc/grpc-js';

const root = createRequire(import.meta.url)(
    '@opentelemetry/otlp-transformer/build/src/generated/root.js');
const {ExportTraceServiceRequest, ExportTraceServiceResponse} =
    root.opentelemetry.proto.collector.trace.v1;

const [manner, address, certificate, key] = process.argv.slice(2);

const service = {
  Export: {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestDeserialize: (bytes) => manner === 'discards' ?
        {resourceSpans: []} :
        ExportTraceServiceRequest.decode(bytes),
    responseSerialize: (response) =>
        Buffer.from(ExportTraceServiceResponse.encode(response).finish()),
  },
};

// A field that is not there is null.
function hex(bytes) {
  return Buffer.from(bytes ?? []).toString('hex');
}

function plain(attributes) {
  return Object.fromEntries(attributes.map(({key, value}) => [
    key,
    value.value === 'intValue' ? Number(value.intValue) : value[value.value],
  ]));
}

function print(resource, scope, span) {
  process.stdout.write(JSON.stringify({
    resource: plain(resource.attributes),
    scope: scope.name,
    trace: hex(span.traceId),
    id: hex(span.spanId),
    parent: hex(span.parentSpanId),
    name: span.name,
    kind: span.kind,
    start: String(span.startTimeUnixNano),
    end: String(span.endTimeUnixNano),
    attributes: plain(span.attributes),
    links: span.links.map(({traceId, spanId}) => [hex(traceId), hex(spanId)]),
    status: span.status?.code ?? 0,
  }) + '\n');
}

function receive(call, answer) {
  for (const {resource, scopeSpans} of call.request.resourceSpans) {
    for (const {scope, spans} of scopeSpans) {
      for (const span of spans) print(resource, scope, span);
    }
  }
  if (manner !== 'silent') answer(null, ExportTraceServiceResponse.create());
}

function credentials() {
  if (!certificate) return grpc.ServerCredentials.createInsecure();
  return grpc.ServerCredentials.createSsl(
      null,
      [{cert_chain: readFileSync(certificate), private_key: readFileSync(key)}]);
}

const server = new grpc.Server();
server.addService(service, {Export: receive});
server.bindAsync(address, credentials(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
