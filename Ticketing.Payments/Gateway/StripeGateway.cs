using System.Diagnostics;
using System.Runtime.CompilerServices;
using Polly;
using Polly.Retry;
using Stripe;
using Stripe.Checkout;

namespace Ticketing.Payments.Gateway;

/// <summary>
/// The calls to Stripe that we make. Each has one of three outcomes: done (<see cref="StripeAnswer{T}.Value"/>), refused in
/// Stripe's words (<see cref="StripeAnswer{T}.Refusal"/>), or unknown (<see cref="UnknownOutcomeException"/>). Every call can
/// be repeated without doing its work twice, so each is tried three times: those that create or confirm carry an idempotency
/// key; the others move an intent or session where it can only go once, and Stripe.net gives each try of them a key of its own.
/// </summary>
internal sealed class StripeGateway(
    PaymentIntentService intents, SessionService sessions, RefundService refunds, RateLimitPause pause, ILogger<StripeGateway> logger)
{
    private static readonly List<string> WithIntent = ["payment_intent"];

    private readonly ResiliencePipeline retries = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(250),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<UnknownOutcomeException>(),
        })
        .Build();

    /// <summary>A payment intent that nobody has confirmed yet.</summary>
    public Task<StripeAnswer<StripeView>> CreateIntent(Payment payment, string installation, CancellationToken cancellationToken) =>
        Call("create_intent", token => intents.CreateAsync(new()
        {
            Amount = payment.Amount, Currency = payment.Currency, Description = payment.Description,
            AllowedPaymentMethodTypes = ["card"], CaptureMethod = "manual", Metadata = StripeMetadata.Of(payment, installation),
        }, Key(payment.CardIntentKey), token), StripeViews.ToView, cancellationToken);

    /// <summary>Tries a card.</summary>
    public Task<StripeAnswer<StripeView>> Confirm(Payment payment, Attempt attempt, CancellationToken cancellationToken)
    {
        var options = new PaymentIntentConfirmOptions { PaymentMethodData = new() { Type = "card" }, ReturnUrl = attempt.ReturnUrl };
        // Stripe takes a card's token here, but its library has no property for it.
        options.AddExtraParam("payment_method_data[card][token]", attempt.Token!);
        return Call("confirm", token => intents.ConfirmAsync(attempt.IntentId!, options, Key($"pi-{payment.Id}-{attempt.Number}"), token),
            StripeViews.ToView, cancellationToken);
    }

    public Task<StripeAnswer<StripeView>> RetrieveIntent(string id, CancellationToken cancellationToken) =>
        Call("retrieve_intent", token => intents.GetAsync(id, cancellationToken: token), StripeViews.ToView, cancellationToken);

    public Task<StripeAnswer<StripeView>> Capture(string id, CancellationToken cancellationToken) =>
        Call("capture", token => intents.CaptureAsync(id, cancellationToken: token), StripeViews.ToView, cancellationToken);

    public Task<StripeAnswer<StripeView>> Cancel(string id, CancellationToken cancellationToken) =>
        Call("cancel", token => intents.CancelAsync(id, cancellationToken: token), StripeViews.ToView, cancellationToken);

    /// <summary>Gives all of an intent's captured money back. A repeated call does not do it twice.</summary>
    public Task<StripeAnswer<Refund>> Refund(string id, CancellationToken cancellationToken) =>
        Call("refund", token => refunds.CreateAsync(new() { PaymentIntent = id }, Key($"refund-{id}"), token),
            refund => refund, cancellationToken);

    /// <summary>All intents of the account, newest first.</summary>
    /// <exception cref="UnknownOutcomeException">Stripe does not answer, or refuses.</exception>
    public async IAsyncEnumerable<PaymentIntent> ListIntents([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new PaymentIntentListOptions { Limit = 100 };
        for (var more = true; more;)
        {
            var answer = await Call("list_intents", token => intents.ListAsync(options, cancellationToken: token), list => list, cancellationToken);
            var page = answer.Value ?? throw new UnknownOutcomeException($"Stripe refused to list: {answer.Refusal?.Message}", answered: true);
            foreach (var intent in page)
                yield return intent;
            more = page.HasMore;
            options.StartingAfter = more ? page.Data[^1].Id : null;
        }
    }

    /// <summary>A hosted page. The buyer comes back to the order's page, paid or not.</summary>
    public Task<StripeAnswer<StripeView>> CreateSession(
        Payment payment, Attempt attempt, string installation, CancellationToken cancellationToken) =>
        Call("create_session", token => sessions.CreateAsync(new()
        {
            Mode = "payment",
            AllowedPaymentMethodTypes = ["card"],
            LineItems =
            [
                new()
                {
                    Quantity = 1,
                    PriceData = new() { Currency = payment.Currency, UnitAmount = payment.Amount, ProductData = new() { Name = payment.Description } },
                },
            ],
            PaymentIntentData = new() { CaptureMethod = "manual", Metadata = StripeMetadata.Of(payment, installation, attempt) },
            Metadata = StripeMetadata.Of(payment, installation, attempt),
            ClientReferenceId = payment.OrderId.ToString(),
            SuccessUrl = attempt.ReturnUrl,
            // Who goes back without having paid comes to the same page, but not as one who has.
            CancelUrl = attempt.ReturnUrl.Split('?')[0],
            Expand = WithIntent,
        }, Key($"cs-{payment.Id}-{attempt.Number}"), token), StripeViews.ToView, cancellationToken);

    public Task<StripeAnswer<StripeView>> RetrieveSession(string id, CancellationToken cancellationToken) =>
        Call("retrieve_session", token => sessions.GetAsync(id, new() { Expand = WithIntent }, cancellationToken: token),
            StripeViews.ToView, cancellationToken);

    public Task<StripeAnswer<StripeView>> ExpireSession(string id, CancellationToken cancellationToken) =>
        Call("expire_session", token => sessions.ExpireAsync(id, new() { Expand = WithIntent }, cancellationToken: token),
            StripeViews.ToView, cancellationToken);

    private static RequestOptions Key(string idempotencyKey) => new() { IdempotencyKey = idempotencyKey };

    private async Task<StripeAnswer<T>> Call<TEntity, T>(
        string operation, Func<CancellationToken, Task<TEntity>> send, Func<TEntity, T> read, CancellationToken cancellationToken)
        where TEntity : StripeEntity
        where T : class =>
        await retries.ExecuteAsync(async token =>
        {
            var started = Stopwatch.GetTimestamp();
            string? error = null;
            try
            {
                var entity = await send(token);
                return new StripeAnswer<T>(read(entity), null, entity.StripeResponse.Headers.Contains("Idempotent-Replayed"));
            }
            catch (StripeException problem) when (StripeRefusal.Of(problem) is { } refusal)
            {
                error = refusal.Type;
                StripeLog.Refused(logger, operation, (int)problem.HttpStatusCode, refusal.Type, refusal.Code, problem.StripeResponse?.RequestId);
                return new StripeAnswer<T>(null, refusal, Replayed: false);
            }
            catch (Exception problem) when (problem is not OperationCanceledException || !token.IsCancellationRequested)
            {
                // Whatever broke between the question and the end of reading the answer, the work may be done.
                var unknown = UnknownOutcomeException.Of(problem);
                error = unknown.RateLimited ? "rate_limited" : unknown.Answered ? "unavailable" : "no_answer";
                if (unknown.RateLimited)
                    pause.Begin();
                throw unknown;
            }
            finally
            {
                PaymentMetrics.Called(operation, Stopwatch.GetElapsedTime(started), error);
            }
        }, cancellationToken);
}
