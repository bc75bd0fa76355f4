using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Stripe;
using Ticketing.Payments;
using Ticketing.Payments.Gateway;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>What the gateway makes of every kind of answer, and what it sends; Stripe is a function here.</summary>
public sealed class StripeGatewayTests
{
    private const string ApiKey = "sk_test_never_to_be_seen";
    private const string Held = """{"id":"pi_1","object":"payment_intent","status":"requires_capture"}""";
    private const string ApiError = """{"error":{"type":"api_error","message":"An unknown error occurred"}}""";
    private static readonly Attempt Attempt = new(
        2, AttemptKind.Card, AttemptState.Started, AttemptGoal.Pay, "tok_visa", "https://shop.test/orders/1?checkout=done", "pi_1", null, null, null, 0);
    private static readonly Payment Payment = new(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1999, "usd", "Rock & Roll",
        "pi_1", 0, 0, [Attempt, Attempt]);

    [Theory]
    [InlineData(402, "card_error", "card_declined", "Your card was declined.", false)]
    [InlineData(400, "invalid_request_error", "payment_intent_unexpected_state", "It is elsewhere.", true)]
    [InlineData(400, "idempotency_error", "", "Another use of the key.", true)]
    [InlineData(404, "invalid_request_error", "resource_missing", "No such payment_intent: 'pi_1'", false)]
    [InlineData(400, "a_type_of_tomorrow", "a_code_of_tomorrow", "No.", false)]
    public async Task A_refusal_is_final_and_in_stripes_words(int status, string type, string code, string words, bool aboutState)
    {
        var stripe = new Stub(_ => Answer(status,
            $$$"""{"error":{"type":"{{{type}}}","code":"{{{code}}}","message":"{{{words}}}","payment_intent":{{{Held}}},"new":[1]}}"""));

        var answer = await stripe.ConfirmAsync();

        answer.Value.ShouldBeNull();
        answer.Refusal.ShouldNotBeNull();
        (answer.Refusal.Type, answer.Refusal.Code, answer.Refusal.ForBuyer, answer.Refusal.AboutState).ShouldBe((type, code, words, aboutState));
        stripe.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Whatever_is_neither_done_nor_refused_is_unknown_asked_three_times_under_one_key_and_tells_no_secret()
    {
        const string secret = "pi_1_secret_never_to_be_seen";
        (string What, Func<HttpResponseMessage> Answer, bool Answered)[] cases =
        [
            .. ((int[])[302, 401, 403, 408, 409, 429, 500, 503]).Select(status => ($"{status}", (Func<HttpResponseMessage>)(() => Answer(status, ApiError)), true)),
            ("a gateway's page with 502", () => Answer(502, $"<html>{secret}"), true),
            ("a gateway's page with 404", () => Answer(404, $"<html>{secret}"), false),
            ("no error in a 402", () => Answer(402, $$"""{"client_secret":"{{secret}}"}"""), false),
            ("an OAuth error", () => Answer(400, """{"error":"invalid_client"}"""), false),
            ("no JSON", () => Answer(200, $"<html>{secret}"), false),
            ("half an answer", () => Answer(200, $$"""{"id":"pi_1","client_secret":"{{secret}}","status":"""), false),
            ("a field of another kind", () => Answer(200, $$"""{"id":"pi_1","client_secret":"{{secret}}","status":{"a":1} }"""), false),
            ("no status", () => Answer(200, """{"id":"pi_1"}"""), false),
            ("no id", () => Answer(200, """{"status":"requires_capture"}"""), false),
            ("a list", () => Answer(200, "[]"), false),
            ("null", () => Answer(200, "null"), false),
            ("nothing", () => Answer(200, ""), false),
            ("a broken connection", () => throw new HttpRequestException("broken"), false),
            ("a broken answer", () => throw new IOException("broken"), false),
            ("silence", () => throw new TaskCanceledException("timed out"), false),
        ];

        await Task.WhenAll(cases.Select(async unknown =>
        {
            var stripe = new Stub(_ => unknown.Answer());
            var problem = await Should.ThrowAsync<UnknownOutcomeException>(stripe.ConfirmAsync, unknown.What);

            problem.Answered.ShouldBe(unknown.Answered, unknown.What);
            problem.ToString().ShouldNotContain("never_to_be_seen", customMessage: unknown.What);
            stripe.Logged.ShouldNotContain(line => line.Contains("never_to_be_seen"), unknown.What);
            stripe.Requests.Count.ShouldBe(3, unknown.What);
            stripe.Requests.Select(request => request.Headers.GetValues("Idempotency-Key").Single()).Distinct()
                .ShouldHaveSingleItem(unknown.What).ShouldBe($"pi-{Payment.Id}-2", unknown.What);
        }));
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_no_unknown_outcome()
    {
        using var gone = new CancellationTokenSource();
        var stripe = new Stub(_ =>
        {
            gone.Cancel();
            throw new TaskCanceledException("gone");
        });

        await Should.ThrowAsync<OperationCanceledException>(() => stripe.Gateway.Capture("pi_1", gone.Token));

        stripe.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Values_and_fields_of_tomorrow_do_not_break_the_reading()
    {
        var stripe = new Stub(_ => Answer(200,
            """
            {"id":"pi_1","object":"payment_intent","status":"requires_capture","capture_method":"by_magic","payment_method_types":["magic"],
             "next_action":{"type":"magic","magic":{}},"latest_charge":{"id":"ch_1","object":"magic"},"magic":{"a":[1,null]}}
            """));

        (await stripe.ConfirmAsync()).Value.ShouldBe(new StripeView(Funds.Held, "pi_1"));
    }

    [Fact]
    public async Task A_status_of_tomorrow_is_waited_for()
    {
        var stripe = new Stub(_ => Answer(200, """{"id":"pi_1","object":"payment_intent","status":"requires_magic"}"""));

        (await stripe.ConfirmAsync()).Value.ShouldBe(new StripeView(Funds.None, "pi_1", Processing: true));
    }

    [Fact]
    public async Task A_session_without_the_intent_that_it_names_is_unknown()
    {
        const string session = """{"id":"cs_1","object":"checkout.session","status":"expired","payment_intent":INTENT}""";
        (await SeenAsync("null")).Value!.Funds.ShouldBe(Funds.Over);
        (await SeenAsync(Held)).Value!.Funds.ShouldBe(Funds.Held);

        await Should.ThrowAsync<UnknownOutcomeException>(() => SeenAsync("\"pi_1\""));

        Task<StripeAnswer<StripeView>> SeenAsync(string intent) =>
            new Stub(_ => Answer(200, session.Replace("INTENT", intent))).Gateway.RetrieveSession("cs_1", CancellationToken.None);
    }

    [Fact]
    public async Task An_answer_given_again_says_so()
    {
        var stripe = new Stub(_ => Answer(200, Held, ("Idempotent-Replayed", "true")));

        (await stripe.ConfirmAsync()).Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_has_its_key_its_version_and_its_fields_and_no_telemetry()
    {
        var stripe = new Stub(_ => Answer(200, Held, ("Request-Id", "req_1")));

        await stripe.ConfirmAsync();
        await stripe.ConfirmAsync();

        var request = stripe.Requests.Last();
        request.RequestUri!.ToString().ShouldBe("https://stripe.test/v1/payment_intents/pi_1/confirm");
        request.Headers.Authorization!.ToString().ShouldBe($"Bearer {ApiKey}");
        request.Headers.GetValues("Stripe-Version").ShouldBe([StripeConfiguration.ApiVersion]);
        request.Headers.ShouldNotContain(header => header.Key == "X-Stripe-Client-Telemetry", "neither how long the call before took");
        WebUtility.UrlDecode(stripe.Bodies.Last()).ShouldBe(
            "payment_method_data[type]=card&return_url=https://shop.test/orders/1?checkout=done&payment_method_data[card][token]=tok_visa");
    }

    [Fact]
    public async Task What_can_only_go_once_is_never_answered_from_memory()
    {
        var answers = new Queue<HttpResponseMessage>([Answer(500, ApiError), Answer(200, Held)]);
        var stripe = new Stub(_ => answers.Dequeue());

        await stripe.Gateway.Capture("pi_1", CancellationToken.None);

        stripe.Requests.Select(request => request.Headers.GetValues("Idempotency-Key").Single()).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("rate_limit", false)]
    [InlineData("lock_timeout", true)]
    public async Task Background_work_waits_a_second_when_calls_come_too_fast_and_not_for_one_object_that_is_in_use(string code, bool goesOn)
    {
        var stripe = new Stub(_ => Answer(429, $$$"""{"error":{"type":"invalid_request_error","code":"{{{code}}}","message":"Too many."}}"""));
        await stripe.Pause.WaitAsync(CancellationToken.None);

        await Should.ThrowAsync<UnknownOutcomeException>(stripe.ConfirmAsync);

        var wait = stripe.Pause.WaitAsync(CancellationToken.None);
        wait.IsCompleted.ShouldBe(goesOn);
        stripe.Clock.Advance(TimeSpan.FromSeconds(1));
        await wait;
    }

    private static HttpResponseMessage Answer(int status, string body, params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            answer.Headers.Add(name, value);
        return answer;
    }

    /// <summary>The gateway as it is registered, but for the network.</summary>
    private sealed class Stub : HttpMessageHandler, ILoggerProvider, ILogger
    {
        private readonly Func<HttpRequestMessage, HttpResponseMessage> answer;

        public Stub(Func<HttpRequestMessage, HttpResponseMessage> answer)
        {
            this.answer = answer;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration.AddInMemoryCollection([new("Stripe:SecretKey", ApiKey), new("Stripe:WebhookSecret", "whsec_1"), new("Stripe:BaseAddress", "https://stripe.test/")]);
            builder.Logging.ClearProviders().AddProvider(this);
            builder.Services.AddSingleton<TimeProvider>(Clock);
            builder.AddStripeGateway();
            builder.Services.AddHttpClient(StripeGatewayExtensions.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => this);
            var services = builder.Services.BuildServiceProvider();
            Gateway = services.GetRequiredService<StripeGateway>();
            Pause = services.GetRequiredService<RateLimitPause>();
        }

        public FakeTimeProvider Clock { get; } = new();

        public RateLimitPause Pause { get; }

        public StripeGateway Gateway { get; }

        public ConcurrentQueue<HttpRequestMessage> Requests { get; } = [];

        public ConcurrentQueue<string> Bodies { get; } = [];

        public ConcurrentQueue<string> Logged { get; } = [];

        public Task<StripeAnswer<StripeView>> ConfirmAsync() => Gateway.Confirm(Payment, Attempt, CancellationToken.None);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Logged.Enqueue($"{formatter(state, exception)} {exception}");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Enqueue(request);
            Bodies.Enqueue(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            return answer(request);
        }
    }
}
