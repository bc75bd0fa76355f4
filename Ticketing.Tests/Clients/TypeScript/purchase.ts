// Buys two tickets with the clients that were generated from the site's documents. Prints the completed order.
import createClient from 'openapi-fetch';
import type { paths as Auth } from './generated/auth.js';
import type { components, paths as Orders } from './generated/orders.js';
import type { paths as Payments } from './generated/payments.js';
import type { paths as Tickets } from './generated/tickets.js';

declare const process: { env: Record<string, string | undefined> };

type Order = components['schemas']['OrderResponse'];

const site = process.env['SITE']!;
const api = createClient<Auth & Tickets & Orders & Payments>({ baseUrl: site });

/** Until it is not undefined: what was made before may take a second to be known everywhere. */
async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Not in time: ${what}`);
}

const credentials = { email: `typescript-${Date.now()}@example.test`, password: 'correct horse' };
const signedUp = await api.POST('/api/users/signup', { body: credentials });
if (signedUp.error) throw new Error(signedUp.error.errors.map((error) => error.message).join(' '));
const session = signedUp.response.headers.getSetCookie().find((cookie) => cookie.startsWith('session='))!.split(/[=;]/)[1]!;
api.use({
  onRequest: ({ request }) => request.headers.set('Authorization', `Bearer ${session}`),
});

const refused = await api.POST('/api/tickets', { body: { title: '', price: 42.5 } });
if (refused.error?.errors[0]?.field !== 'title') throw new Error('A listing without a title was not refused.');

const listed = await api.POST('/api/tickets', { body: { title: 'Hamlet', price: 42.5, quantity: 10, venue: 'Globe Theatre' } });
if (listed.error) throw new Error(listed.error.detail);
const ticket = listed.data;

const ordered = await eventually('the listing can be ordered', async () => {
  const { data, response } = await api.POST('/api/orders', {
    params: { header: { 'Idempotency-Key': ticket.id } },
    body: { ticketId: ticket.id, quantity: 2 },
  });
  return response.status === 404 ? undefined : data;
});

const paid = await eventually('the order can be paid', async () => {
  const { data, response } = await api.POST('/api/payments', { body: { orderId: ordered.id, token: 'tok_visa' } });
  return response.status === 404 ? undefined : data;
});
if (paid.status !== 'authorized' && paid.status !== 'captured') throw new Error(`The payment is ${paid.status}.`);

const complete = await eventually('the order is complete', async (): Promise<Order | undefined> => {
  const { data } = await api.GET('/api/orders/{id}', { params: { path: { id: ordered.id } } });
  return data?.status === 'complete' ? data : undefined;
});
console.log(JSON.stringify(complete));
