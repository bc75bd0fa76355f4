using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace Ticketing.Payments;

/// <summary>
/// The calls to Stripe that we make; Stripe.net would go here. Every call can be repeated without doing its work twice:
/// those that create or confirm carry an idempotency key, the others move an intent or session where it can only go once
/// (and so carry none: a key would only make Stripe repeat an old answer). So each is tried three times.
/// </summary>
internal sealed class StripeClient(IHttpClientFactory clients, ILogger<StripeClient> logger)
{
    public const string Name = "stripe";

    /// <summary>The version of the API whose shapes we read.</summary>
    public const string ApiVersion = "2024-06-20";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly ResiliencePipeline retries = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(250),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<StripeUnavailableException>(),
        })
        .Build();

    /// <summary>A payment intent that nobody has confirmed yet.</summary>
    public Task<StripeAnswer<StripeIntent>> CreateIntent(Payment payment, CancellationToken cancellationToken) =>
        Post<StripeIntent>("create_intent", "/v1/payment_intents", payment.CardIntentKey, cancellationToken,
            ("amount", payment.Amount.ToString(CultureInfo.InvariantCulture)),
            ("currency", payment.Currency),
            ("capture_method", "manual"),
            ("payment_method_types[]", "card"),
            ("description", payment.Description),
            ("metadata[payment_id]", payment.Id.ToString()),
            ("metadata[order_id]", payment.OrderId.ToString()));

    /// <summary>Tries a card.</summary>
    public Task<StripeAnswer<StripeIntent>> Confirm(Payment payment, Attempt attempt, CancellationToken cancellationToken) =>
        Post<StripeIntent>("confirm", $"/v1/payment_intents/{attempt.IntentId}/confirm", $"pi-{payment.Id}-{attempt.Number}", cancellationToken,
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][token]", attempt.Token!),
            ("return_url", attempt.ReturnUrl));

    public Task<StripeAnswer<StripeIntent>> RetrieveIntent(string id, CancellationToken cancellationToken) =>
        Send<StripeIntent>("retrieve_intent", () => new HttpRequestMessage(HttpMethod.Get, $"/v1/payment_intents/{id}"), cancellationToken);

    public Task<StripeAnswer<StripeIntent>> Capture(string id, CancellationToken cancellationToken) =>
        Post<StripeIntent>("capture", $"/v1/payment_intents/{id}/capture", null, cancellationToken);

    public Task<StripeAnswer<StripeIntent>> Cancel(string id, CancellationToken cancellationToken) =>
        Post<StripeIntent>("cancel", $"/v1/payment_intents/{id}/cancel", null, cancellationToken);

    /// <summary>Gives all of an intent's captured money back. A repeated call does not do it twice.</summary>
    public Task<StripeAnswer<StripeRefund>> Refund(string id, CancellationToken cancellationToken) =>
        Post<StripeRefund>("refund", "/v1/refunds", $"refund-{id}", cancellationToken, ("payment_intent", id));

    /// <summary>All intents of the account, newest first.</summary>
    /// <exception cref="StripeUnavailableException">Stripe does not answer, or refuses.</exception>
    public async IAsyncEnumerable<StripeIntent> ListIntents([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = ""; ;)
        {
            var path = $"/v1/payment_intents?limit=100{after}";
            var answer = await Send<StripePage<StripeIntent>>("list_intents", () => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
            var page = answer.Value ?? throw new StripeUnavailableException($"Stripe refused to list: {answer.Failure?.Message}", answered: true);
            foreach (var intent in page.Data)
                yield return intent;
            if (!page.HasMore)
                yield break;
            after = $"&starting_after={page.Data[^1].Id}";
        }
    }

    /// <summary>A hosted page. The buyer comes back to the order's page, paid or not.</summary>
    public Task<StripeAnswer<StripeSession>> CreateSession(Payment payment, Attempt attempt, CancellationToken cancellationToken) =>
        Post<StripeSession>("create_session", "/v1/checkout/sessions", $"cs-{payment.Id}-{attempt.Number}", cancellationToken,
            ("mode", "payment"),
            ("payment_method_types[]", "card"),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", payment.Currency),
            ("line_items[0][price_data][unit_amount]", payment.Amount.ToString(CultureInfo.InvariantCulture)),
            ("line_items[0][price_data][product_data][name]", payment.Description),
            ("payment_intent_data[capture_method]", "manual"),
            ("payment_intent_data[metadata][payment_id]", payment.Id.ToString()),
            ("payment_intent_data[metadata][order_id]", payment.OrderId.ToString()),
            ("payment_intent_data[metadata][attempt]", attempt.Number.ToString(CultureInfo.InvariantCulture)),
            ("metadata[payment_id]", payment.Id.ToString()),
            ("metadata[order_id]", payment.OrderId.ToString()),
            ("metadata[attempt]", attempt.Number.ToString(CultureInfo.InvariantCulture)),
            ("client_reference_id", payment.OrderId.ToString()),
            ("success_url", attempt.ReturnUrl),
            // Who goes back without having paid comes to the same page, but not as one who has.
            ("cancel_url", attempt.ReturnUrl.Split('?')[0]),
            ("expand[]", "payment_intent"));

    public Task<StripeAnswer<StripeSession>> RetrieveSession(string id, CancellationToken cancellationToken) =>
        Send<StripeSession>("retrieve_session", () => new HttpRequestMessage(HttpMethod.Get, $"/v1/checkout/sessions/{id}?expand[]=payment_intent"), cancellationToken);

    public Task<StripeAnswer<StripeSession>> ExpireSession(string id, CancellationToken cancellationToken) =>
        Post<StripeSession>("expire_session", $"/v1/checkout/sessions/{id}/expire", null, cancellationToken, ("expand[]", "payment_intent"));

    private Task<StripeAnswer<T>> Post<T>(
        string operation, string path, string? idempotencyKey, CancellationToken cancellationToken, params (string Name, string Value)[] form)
        where T : class =>
        Send<T>(operation, () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            };
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            return request;
        }, cancellationToken);

    private async Task<StripeAnswer<T>> Send<T>(string operation, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
        where T : class =>
        await retries.ExecuteAsync(async token =>
        {
            var started = Stopwatch.GetTimestamp();
            string? error = null;
            try
            {
                var answer = await SendOnce<T>(make, token);
                error = answer.Failure?.Type;
                return answer;
            }
            catch (StripeUnavailableException unavailable)
            {
                error = unavailable.Answered ? "unavailable" : "no_answer";
                throw;
            }
            finally
            {
                PaymentMetrics.Called(operation, Stopwatch.GetElapsedTime(started), error);
            }
        }, cancellationToken);

    private async Task<StripeAnswer<T>> SendOnce<T>(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
        where T : class
    {
        using var request = make();
        try
        {
            using var response = await clients.CreateClient(Name).SendAsync(request, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var replayed = response.Headers.Contains("Idempotent-Replayed");
            if (response.IsSuccessStatusCode)
                return new StripeAnswer<T>(await JsonSerializer.DeserializeAsync<T>(body, Json, cancellationToken), null, replayed);
            if (!Final(response.StatusCode))
                throw new StripeUnavailableException($"Stripe answered {(int)response.StatusCode}.", answered: true);
            var error = await JsonSerializer.DeserializeAsync<ErrorBody>(body, Json, cancellationToken);
            StripeLog.Refused(logger, request.RequestUri!.AbsolutePath, (int)response.StatusCode, error?.Error.Type, error?.Error.Code);
            return new StripeAnswer<T>(null, error!.Error, replayed);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or JsonException
            || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StripeUnavailableException("Stripe did not answer.", answered: false, problem);
        }
    }

    /// <summary>
    /// Whether the same call would be answered the same again. Not so: errors of Stripe's own, too many calls, the same
    /// key in use just now, and an API key that is not (or no longer) accepted, which says nothing about the payment.
    /// </summary>
    private static bool Final(HttpStatusCode status) => (int)status is >= 400 and < 500
        && status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict or HttpStatusCode.Unauthorized
            or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout);

    private sealed record ErrorBody(StripeFailure Error);
}
