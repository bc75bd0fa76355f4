using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Stripe;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

public sealed class WebhookTests(Sandbox sandbox) : IClassFixture<Sandbox>
{
    [Fact]
    public async Task Events_are_signed_sent_until_taken_and_tell_what_happened()
    {
        await using var shop = await Shop.OpenAsync(refuse: 2);
        var endpoint = await ListenAsync(shop);
        var intent = (await sandbox.CreateIntentAsync()).Ok();
        await sandbox.ConfirmAsync(intent.Id, "tok_chargeDeclined");
        await sandbox.ConfirmAsync(intent.Id, "tok_visa");
        await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/cancel");

        await Eventually.HoldsAsync(() => Task.FromResult(shop.Taken.Count >= 4), "four events are taken");

        shop.Taken.Select(taken => JsonNode.Parse(taken.Body)!["type"]!.GetValue<string>()).ShouldBe(
            ["payment_intent.created", "payment_intent.payment_failed", "payment_intent.amount_capturable_updated", "payment_intent.canceled"],
            ignoreOrder: true);
        shop.Refused.ShouldBe(2);
        foreach (var (signature, body) in shop.Taken)
            EventUtility.ValidateSignature(body, signature, endpoint.Text("secret"));
    }

    [Fact]
    public async Task Only_the_events_that_were_asked_for_are_sent_and_held_ones_later()
    {
        await using var shop = await Shop.OpenAsync();
        await ListenAsync(shop, "payment_intent.canceled");
        await sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);
        var intent = (await sandbox.CreateIntentAsync()).Ok();
        await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/cancel");
        shop.Taken.ShouldBeEmpty();

        await sandbox.Client.PutAsync("/sandbox/webhooks?copies=2", null);

        await Eventually.HoldsAsync(() => Task.FromResult(shop.Taken.Count == 2), "the event is sent twice");
        await sandbox.Client.PutAsync("/sandbox/webhooks", null);
        shop.Taken.ShouldAllBe(taken => taken.Body.Contains("payment_intent.canceled"));
    }

    [Fact]
    public async Task Events_can_be_read_afterwards()
    {
        var intent = (await sandbox.CreateIntentAsync()).Ok();

        var events = (await sandbox.GetAsync("/v1/events?limit=100&type=payment_intent.created")).Body["data"]!.AsArray();

        var told = events.Single(happened => happened!["data"]!["object"]!["id"]!.GetValue<string>() == intent.Id)!;
        told["request"]!["id"]!.GetValue<string>().ShouldBe(intent.Headers.GetValues("Request-Id").Single());
    }

    private async Task<Answer> ListenAsync(Shop shop, string events = "*") =>
        (await sandbox.PostAsync("/v1/webhook_endpoints", $"url={shop.Address}&enabled_events[]={events}")).Ok();

    /// <summary>A shop that takes events, after it has refused some.</summary>
    private sealed class Shop : IAsyncDisposable
    {
        private readonly WebApplication app;
        private int refuse;

        private Shop(WebApplication app, int refuse) => (this.app, this.refuse) = (app, refuse);

        public ConcurrentQueue<(string Signature, string Body)> Taken { get; } = [];

        public int Refused { get; private set; }

        public string Address => app.Urls.First() + "/hook";

        public static async Task<Shop> OpenAsync(int refuse = 0)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var shop = new Shop(builder.Build(), refuse);
            shop.app.MapPost("/hook", (RequestDelegate)shop.HearAsync);
            await shop.app.StartAsync();
            return shop;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task HearAsync(HttpContext context)
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            if (Interlocked.Decrement(ref refuse) >= 0)
            {
                Refused++;
                context.Response.StatusCode = 503;
                return;
            }

            Taken.Enqueue((context.Request.Headers["Stripe-Signature"].ToString(), body));
        }
    }
}
