// How programs that the AppHost did not start send their telemetry here.
import { el } from './dom.js';

export async function showSenders() {
  const told = await (await fetch('/api/telemetry')).json();
  const lines = [
    `OTEL_EXPORTER_OTLP_ENDPOINT=${told.http}`,
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    `OTEL_EXPORTER_OTLP_HEADERS=${told.keyHeader}=${told.key}`,
  ];
  const dialog = el('dialog', { 'aria-labelledby': 'senders-title' },
    el('h2', { id: 'senders-title' }, 'Send telemetry here'),
    el('p', {}, 'The projects of this application do it by themselves. Any other program on this machine with an OTLP exporter takes part with these variables:'),
    el('pre', { tabindex: '0' }, lines.join('\n')),
    el('p', {}, 'For gRPC: the endpoint ', el('code', {}, told.grpc), ' and the protocol ', el('code', {}, 'grpc'), '. The key is another one at each start, unless Parameters__otlp_api_key is set.'),
    el('form', { method: 'dialog' }, el('button', { class: 'primary' }, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
