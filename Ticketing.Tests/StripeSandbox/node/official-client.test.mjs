// Stripe's official Node client against the sandbox: only its host is changed. Run by OfficialNodeClientTests with
// SANDBOX_ADDRESS and SANDBOX_KEY.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import Stripe from 'stripe';

const address = new URL(process.env.SANDBOX_ADDRESS);
const stripe = new Stripe(process.env.SANDBOX_KEY, {
  host: address.hostname, port: address.port, protocol: 'http', maxNetworkRetries: 0, telemetry: false,
});

const held = { amount: 1999, currency: 'usd', capture_method: 'manual', payment_method_types: ['card'] };
const token = name => ({ payment_method_data: { type: 'card', card: { token: name } } });

test('a payment is created, confirmed, captured and refunded', async () => {
  const created = await stripe.paymentIntents.create({ ...held, metadata: { order_id: '7' } });
  assert.equal(created.status, 'requires_payment_method');
  assert.equal(created.metadata.order_id, '7');
  assert.equal(created.canceled_at, null);

  const authorized = await stripe.paymentIntents.confirm(created.id, token('tok_visa'));
  assert.equal(authorized.status, 'requires_capture');
  const captured = await stripe.paymentIntents.capture(created.id);
  assert.equal(captured.amount_received, 1999);
  const refund = await stripe.refunds.create({ payment_intent: created.id, amount: 999 });
  assert.equal(refund.status, 'succeeded');

  const retrieved = await stripe.paymentIntents.retrieve(created.id, { expand: ['latest_charge', 'payment_method'] });
  assert.equal(retrieved.status, 'succeeded');
  assert.equal(retrieved.latest_charge.amount_refunded, 999);
  assert.equal(retrieved.payment_method.card.last4, '4242');
  assert.deepEqual((await stripe.refunds.list({ payment_intent: created.id })).data.map(one => one.id), [refund.id]);
  assert.equal((await stripe.refunds.retrieve(refund.id)).payment_intent, created.id);
});

test('a payment is created and confirmed at once, then canceled', async () => {
  const authorized = await stripe.paymentIntents.create({ ...held, payment_method: 'pm_card_visa', confirm: true });
  assert.equal(authorized.amount_capturable, 1999);

  const canceled = await stripe.paymentIntents.cancel(authorized.id, { cancellation_reason: 'abandoned' });
  assert.equal(canceled.status, 'canceled');
  assert.equal(canceled.cancellation_reason, 'abandoned');
  assert.ok(canceled.canceled_at >= canceled.created);
});

test('a list is paged through, newest first', async () => {
  const ids = [];
  for (let i = 0; i < 5; i++) ids.unshift((await stripe.paymentIntents.create(held)).id);

  const listed = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 5 });

  assert.deepEqual(listed.map(intent => intent.id), ids);
});

test('an idempotency key replays, and refuses other parameters', async () => {
  const options = { idempotencyKey: `node-${Date.now()}` };
  const first = await stripe.paymentIntents.create(held, options);
  const again = await stripe.paymentIntents.create(held, options);
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');

  await assert.rejects(stripe.paymentIntents.create({ ...held, amount: 2000 }, options), Stripe.errors.StripeIdempotencyError);
});

test('a declined card, a missing object, a bad parameter and a bad key have their error classes', async () => {
  const intent = await stripe.paymentIntents.create(held);
  await assert.rejects(stripe.paymentIntents.confirm(intent.id, token('tok_visa_chargeDeclinedInsufficientFunds')), error => {
    assert.ok(error instanceof Stripe.errors.StripeCardError);
    assert.equal(error.code, 'card_declined');
    assert.equal(error.decline_code, 'insufficient_funds');
    assert.equal(error.payment_intent.status, 'requires_payment_method');
    return true;
  });
  await assert.rejects(stripe.paymentIntents.retrieve('pi_none'),
    error => error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing');
  await assert.rejects(stripe.paymentIntents.create({ ...held, amount: 1 }),
    error => error instanceof Stripe.errors.StripeInvalidRequestError && error.param === 'amount');
  await assert.rejects(stripe.paymentIntents.list({}, { apiKey: 'sk_test_wrong' }), Stripe.errors.StripeAuthenticationError);
});

test('a checkout session is opened, paid on its page and retrieved', async () => {
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ quantity: 2, price_data: { currency: 'usd', unit_amount: 1999, product_data: { name: 'Concert' } } }],
    payment_intent_data: { capture_method: 'manual', metadata: { order_id: '7' } },
    success_url: 'https://shop.test/done?session={CHECKOUT_SESSION_ID}',
  });
  assert.equal(session.status, 'open');
  assert.equal(session.amount_total, 3998);
  const paid = await fetch(session.url, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ card_number: '4242 4242 4242 4242', expiry: '12/40', cvc: '123' }),
  });
  assert.equal(paid.headers.get('location'), `https://shop.test/done?session=${session.id}`);

  const complete = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
  assert.equal(complete.status, 'complete');
  assert.equal(complete.url, null);
  assert.equal(complete.payment_intent.status, 'requires_capture');
  assert.equal(complete.payment_intent.metadata.order_id, '7');
  await assert.rejects(stripe.checkout.sessions.expire(session.id), Stripe.errors.StripeInvalidRequestError);
});

test('a delivered event is constructed from its signed body, and not from a forged one', async () => {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end();
    server.emit('delivered', Buffer.concat(chunks).toString(), request.headers['stripe-signature']);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const delivered = once(server, 'delivered');
  const endpoint = await stripe.webhookEndpoints.create({
    url: `http://127.0.0.1:${server.address().port}/hook`, enabled_events: ['payment_intent.canceled'],
  });
  try {
    const intent = await stripe.paymentIntents.create(held);
    await stripe.paymentIntents.cancel(intent.id);
    const [body, signature] = await delivered;

    const event = stripe.webhooks.constructEvent(body, signature, endpoint.secret);
    assert.equal(event.type, 'payment_intent.canceled');
    assert.equal(event.data.object.id, intent.id);
    assert.match(event.api_version, /^\d{4}-\d\d-\d\d\.[a-z]+$/);
    assert.throws(() => stripe.webhooks.constructEvent(`${body} `, signature, endpoint.secret), Stripe.errors.StripeSignatureVerificationError);
  } finally {
    assert.equal((await stripe.webhookEndpoints.del(endpoint.id)).deleted, true);
    server.close();
  }
});
