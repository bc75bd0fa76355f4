-- What money waits for is found without reading past thousands of holds.
CREATE INDEX outbox_money ON outbox (seq) WHERE type IN (
    'OrderCompleted', 'PaymentRefused',
    'PaymentStarted', 'PaymentAuthorized', 'PaymentCaptured', 'PaymentReleased', 'PaymentFailed');
