using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Stripe;
using Ticketing.Payments.Webhooks;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class WebhookEventsTests
{
    private static readonly Guid Payment = Guid.CreateVersion7();

    [Theory]
    [InlineData("payment_intent.created", "requires_payment_method", false)]
    [InlineData("payment_intent.requires_action", "requires_action", false)]
    [InlineData("payment_intent.amount_capturable_updated", "requires_capture", false)]
    [InlineData("payment_intent.succeeded", "succeeded", false)]
    [InlineData("payment_intent.canceled", "canceled", false)]
    [InlineData("payment_intent.payment_failed", "requires_payment_method", true)]
    public void An_event_of_an_intent_tells_of_its_payment(string type, string status, bool refused)
    {
        Read(Event(type, status)).ShouldBe(new WebhookHint(Payment, null, "pi_1", status, refused, DateTime.UnixEpoch));
        Read(Event(type, status).Replace("metadata\":{", "metadata\":{\"attempt\":\"3\",")).ShouldBe(new WebhookHint(Payment, 3, "pi_1", status, refused, DateTime.UnixEpoch));
    }

    [Theory]
    [InlineData("checkout.session.completed", "complete")]
    [InlineData("checkout.session.expired", "expired")]
    public void An_event_of_a_page_tells_of_its_attempt(string type, string status) =>
        Read(Event(type, status, "checkout.session").Replace("metadata\":{", "metadata\":{\"attempt\":\"2\","))
            .ShouldBe(new WebhookHint(Payment, 2, null, status, Refused: false, DateTime.UnixEpoch));

    [Fact]
    public void An_event_says_when_it_happened_and_which_installation_it_is_of()
    {
        var hint = Read(Event("payment_intent.succeeded", "succeeded").Replace("\"metadata\":{", "\"metadata\":{\"installation\":\"shop-1\",")
            .Replace("\"object\":\"event\",", "\"object\":\"event\",\"created\":1767225600,")).ShouldNotBeNull();

        (hint.Created, hint.Installation).ShouldBe((new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), "shop-1"));
    }

    [Theory]
    [InlineData("customer.created", "customer")]
    [InlineData("charge.refunded", "charge")]
    [InlineData("payment_intent.of_tomorrow", "payment_intent")]
    [InlineData("magic.happened", "magic")]
    [InlineData("payment_intent.succeeded", "magic")]
    public void Other_events_tell_nothing(string type, string thing) => Read(Event(type, "succeeded", thing)).ShouldBeNull();

    [Fact]
    public void An_event_of_another_api_version_is_counted_and_heeded()
    {
        const string other = "2019-12-03";
        using var counted = new CountedTag("ticketing.payments.webhook.version_mismatch", other);

        Read(Event("payment_intent.succeeded", "succeeded", version: StripeConfiguration.ApiVersion)).ShouldNotBeNull();
        counted.Times.ShouldBe(0);
        Read(Event("payment_intent.succeeded", "succeeded", version: other)).ShouldNotBeNull().PaymentId.ShouldBe(Payment);
        Read(Event("magic.happened", "succeeded", "magic", other)).ShouldBeNull();
        counted.Times.ShouldBe(2);
    }

    [Fact]
    public void The_pages_say_which_version_and_events_the_endpoint_has()
    {
        var page = System.IO.File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "operations.md"));
        page.ShouldContain($"`{StripeConfiguration.ApiVersion}`");
        foreach (var type in WebhookEvents.Types)
            page.ShouldContain($"`{type}`");
    }

    private static WebhookHint? Read(string json) => WebhookEvents.Read(json, NullLogger.Instance);

    private static string Event(string type, string status, string thing = "payment_intent", string? version = null) =>
        $$$"""
        {"id":"evt_1","object":"event","api_version":"{{{version ?? StripeConfiguration.ApiVersion}}}","type":"{{{type}}}","magic":[1],
         "data":{"object":{"id":"pi_1","object":"{{{thing}}}","status":"{{{status}}}","magic":{},"metadata":{"payment_id":"{{{Payment}}}"} } } }
        """;
}
