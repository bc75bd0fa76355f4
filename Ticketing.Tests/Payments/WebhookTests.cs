using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class WebhookTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task A_forged_old_or_unsigned_event_is_400()
    {
        const string body = "{}";
        await (await SendAsync(body, signature: null)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await (await SendAsync(body, secret: "whsec_guessed")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await (await SendAsync(body, age: TimeSpan.FromSeconds(303))).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await (await SendAsync(body, age: TimeSpan.FromSeconds(-303))).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        (await SendAsync(body, age: TimeSpan.FromSeconds(290))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(body, age: TimeSpan.FromSeconds(-290))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>While the secret is being changed, Stripe signs with both.</summary>
    [Theory]
    [InlineData("t={t},v1={v}", true)]
    [InlineData("t={t},v1=0000,v1={v},v0=abc", true)]
    [InlineData("t={t},v0={v}", false)]
    [InlineData("t={t},v1={V}", false)]
    [InlineData("t=1,v1={v}", false)]
    [InlineData("t={t}", false)]
    [InlineData("v1={v}", false)]
    [InlineData("t=x,v1=00", false)]
    [InlineData("t={t},v1=", false)]
    [InlineData(",,=,==", false)]
    public async Task One_true_signature_for_the_body_and_its_time_is_needed(string signature, bool good)
    {
        var answer = await SendAsync("{}", signature: signature);

        answer.StatusCode.ShouldBe(good ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("""{"type":"payment_intent.succeeded","data":null}""")]
    [InlineData("""{"type":"payment_intent.succeeded","data":{"object":{"id":"pi_9","status":"succeeded","metadata":{}}}}""")]
    [InlineData("""{"type":"payment_intent.succeeded","data":{"object":{"object":"payment_intent","id":"pi_9","status":"succeeded","metadata":{}}}}""")]
    [InlineData("""{"type":"payment_intent.succeeded","data":{"object":{"object":"payment_intent","id":"pi_9","created":"tomorrow"}}}""")]
    [InlineData("""{"type":"customer.created","data":{"object":{"object":"customer","id":"cus_9","metadata":{"payment_id":"0198b2f0-0000-7000-8000-000000000000"}}}}""")]
    [InlineData("""{"object":"v2.core.event","type":"v1.billing.meter.error_report_triggered"}""")]
    public async Task An_event_that_is_not_ours_or_cannot_be_read_is_taken_and_ignored(string body) =>
        (await SendAsync(body)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task An_event_of_a_payment_that_is_not_known_is_asked_for_again_while_it_is_seconds_young_and_then_taken_and_counted()
    {
        using var log = new RecordedLog(LogLevel.Warning);
        Payments.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        using var counted = new CountedTag("ticketing.payments.webhook.ignored", "unknown_payment");
        var lost = Guid.CreateVersion7();

        await (await SendAsync(Event(lost, "payment_intent.succeeded", "pi_9", "succeeded", age: TimeSpan.FromSeconds(2))))
            .ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        counted.Times.ShouldBe(0);
        (await SendAsync(Event(lost, "payment_intent.succeeded", "pi_9", "succeeded", age: TimeSpan.FromSeconds(30)))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(Event(lost, "payment_intent.succeeded", "pi_9", "succeeded", age: TimeSpan.FromHours(3)))).StatusCode.ShouldBe(HttpStatusCode.OK);

        counted.Times.ShouldBe(2);
        log.Messages.Count(line => line.Contains($"payment {lost} (intent pi_9)")).ShouldBe(2);
    }

    [Fact]
    public async Task Events_of_another_installation_that_shares_the_account_are_taken_at_once()
    {
        using var counted = new CountedTag("ticketing.payments.webhook.ignored", "other_installation");

        (await SendAsync(Event(Guid.CreateVersion7(), "payment_intent.succeeded", "pi_9", "succeeded", installation: $"{Guid.NewGuid()}")))
            .StatusCode.ShouldBe(HttpStatusCode.OK);

        counted.Times.ShouldBe(1);
    }

    [Fact]
    public async Task Every_intent_and_page_carries_this_installations_id()
    {
        var (card, page) = (await PlaceAsync(), await PlaceAsync());
        await PaidAsync(card);
        await Sandbox.PayAsync(await CheckoutAsync(page), "4242 4242 4242 4242");
        await using var connection = await Platform.OpenAsync("payments");
        var id = (await Dapper.SqlMapper.QuerySingleAsync<Guid>(connection, "SELECT id FROM installation")).ToString();

        foreach (var made in (JsonNode[])[.. await BooksAsync("payment_intents", card), .. await BooksAsync("payment_intents", page), .. await BooksAsync("sessions", page)])
            made["metadata"]!["installation"]!.ToString().ShouldBe(id);
    }

    [Fact]
    public async Task An_event_over_64_KiB_is_413() =>
        (await SendAsync(new string(' ', 65 * 1024))).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task An_event_that_claims_what_stripe_does_not_show_changes_nothing()
    {
        var order = await PlaceAsync();
        await PaidAsync(order, "tok_threeDSecure2Required");
        await using var connection = await Platform.OpenAsync("payments");
        var payment = await Dapper.SqlMapper.QuerySingleAsync<Guid>(connection, "SELECT id FROM payments WHERE order_id = @Id", new { order.Id });
        var intent = (await BooksAsync("payment_intents", order)).Single()["id"]!.ToString();

        foreach (var (type, status) in new[] { ("succeeded", "succeeded"), ("canceled", "canceled"), ("amount_capturable_updated", "requires_capture") })
            (await SendAsync(Event(payment, $"payment_intent.{type}", intent, status))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await PlaceAsync();

        (await StatusAsync(order)).ShouldBe(PaymentStatus.RequiresAction);
    }

    [Fact]
    public async Task Doubled_and_reversed_events_change_nothing()
    {
        await Sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        var order = await PlaceAsync();
        var asked = await PaidAsync(order, "tok_threeDSecure2Required");
        await Sandbox.AnswerChallengeAsync(asked["url"]!.ToString(), "fail");
        asked = await PaidAsync(order, "tok_threeDSecureRequired");
        await Sandbox.AnswerChallengeAsync(asked["url"]!.ToString(), "complete");

        await Sandbox.Client.PutAsync("/sandbox/webhooks?copies=3&reversed=true", null);

        await AuthorizedAsync(order);
        await Eventually.HoldsAsync(async () => (await Sandbox.GetAsync("/sandbox/books")).Number("pending_deliveries") == 0, "all events are taken");
        await Sandbox.Client.PutAsync("/sandbox/webhooks", null);
        (await StatusAsync(order)).ShouldBe(PaymentStatus.Authorized);
        Platform.Broker.Heard<PaymentAuthorized>(told => told.Payment.OrderId == order.Id).Count.ShouldBe(1);
    }

    private string Event(Guid paymentId, string type, string intentId, string status, TimeSpan age = default, string? installation = null)
    {
        var created = (Platform.Clock.GetUtcNow() - age).ToUnixTimeSeconds();
        var maker = installation is null ? "" : $",\"installation\":\"{installation}\"";
        return $$"""
            {"type":"{{type}}","created":{{created}},"data":{"object":{"object":"payment_intent","metadata":{"payment_id":"{{paymentId}}"{{maker}} },
             "id":"{{intentId}}","status":"{{status}}" } } }
            """;
    }

    private async Task<HttpResponseMessage> SendAsync(string body, string? secret = null, TimeSpan age = default, string? signature = "t={t},v1={v}")
    {
        var time = (Platform.Clock.GetUtcNow() - age).ToUnixTimeSeconds();
        var hash = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? WebhookSecret), Encoding.UTF8.GetBytes($"{time}.{body}")));
        using var client = Payments.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments/webhook")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("Stripe-Signature",
                signature.Replace("{t}", $"{time}").Replace("{v}", hash).Replace("{V}", hash.ToUpperInvariant()));
        }
        return await client.SendAsync(request);
    }
}
