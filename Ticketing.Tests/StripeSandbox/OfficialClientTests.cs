using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Shouldly;
using Stripe;
using Stripe.Checkout;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

/// <summary>Stripe's official clients work against the sandbox by changing only the host.</summary>
public sealed class OfficialClientTests(Sandbox sandbox) : IClassFixture<Sandbox>
{
    private static readonly string NodeDirectory = Path.Combine(TestFiles.Root, "Ticketing.Tests", "StripeSandbox", "node");

    private StripeClient Client => new(new StripeClientOptions
    {
        ApiKey = Sandbox.Key,
        ApiBase = sandbox.Service.Address.ToString().TrimEnd('/'),
    });

    private static PaymentIntentCreateOptions Held => new()
    {
        Amount = 1999,
        Currency = "usd",
        CaptureMethod = "manual",
        AllowedPaymentMethodTypes = ["card"],
    };

    [Fact]
    public async Task The_client_for_node()
    {
        await InstallAsync();

        var (status, output) = await RunAsync("node", ["official-client.test.mjs"]);

        status.ShouldBe(0, output);
        output.ShouldContain("# pass 7");
    }

    [Fact]
    public async Task The_client_for_dotnet_pays_and_refunds()
    {
        var intents = Client.V1.PaymentIntents;
        var key = new RequestOptions { IdempotencyKey = "dotnet" };

        var created = await intents.CreateAsync(Held, key);
        var again = await intents.CreateAsync(Held, key);
        var authorized = await intents.ConfirmAsync(created.Id, new() { PaymentMethod = "pm_card_visa" });
        var captured = await intents.CaptureAsync(created.Id);
        var refund = await Client.V1.Refunds.CreateAsync(new() { PaymentIntent = created.Id });
        var seen = await intents.GetAsync(created.Id, new() { Expand = ["latest_charge"] });

        again.Id.ShouldBe(created.Id);
        again.StripeResponse.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        authorized.Status.ShouldBe("requires_capture");
        captured.AmountReceived.ShouldBe(1999);
        refund.Status.ShouldBe("succeeded");
        seen.LatestCharge.Refunded.ShouldBeTrue();
        (await intents.ListAsync(new() { Limit = 1 })).Single().Id.ShouldBe(created.Id);
        (await Client.V1.Refunds.ListAsync(new() { PaymentIntent = created.Id })).Single().Id.ShouldBe(refund.Id);
        var conflict = Held;
        conflict.Amount = 2000;
        (await Should.ThrowAsync<StripeException>(() => intents.CreateAsync(conflict, key))).StripeError.Type.ShouldBe("idempotency_error");
    }

    [Fact]
    public async Task The_client_for_dotnet_sees_declines_3d_secure_and_sessions()
    {
        var intents = Client.V1.PaymentIntents;
        var intent = await intents.CreateAsync(Held);

        var declined = await Should.ThrowAsync<StripeException>(() => intents.ConfirmAsync(intent.Id, new() { PaymentMethod = "pm_card_chargeDeclined" }));
        var asked = await intents.ConfirmAsync(intent.Id, new() { PaymentMethod = "pm_card_threeDSecure2Required", ReturnUrl = "https://shop.test/" });
        var session = await Client.V1.Checkout.Sessions.CreateAsync(new SessionCreateOptions
        {
            Mode = "payment",
            SuccessUrl = "https://shop.test/done",
            LineItems = [new() { Quantity = 1, PriceData = new() { Currency = "usd", UnitAmount = 1999, ProductData = new() { Name = "Concert" } } }],
        });
        var expired = await Client.V1.Checkout.Sessions.ExpireAsync(session.Id);

        declined.HttpStatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        declined.StripeError.DeclineCode.ShouldBe("generic_decline");
        declined.StripeError.PaymentIntent.LastPaymentError.PaymentMethod.Card.Last4.ShouldBe("0002");
        asked.NextAction.RedirectToUrl.Url.ShouldStartWith(Client.ApiBase);
        session.Url.ShouldStartWith(Client.ApiBase);
        expired.Status.ShouldBe("expired");
        (await intents.CancelAsync(intent.Id)).Status.ShouldBe("canceled");
    }

    [Fact]
    public async Task The_client_for_dotnet_constructs_a_delivered_event()
    {
        using var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{FreePort()}/" } };
        listener.Start();
        var endpoint = await Client.V1.WebhookEndpoints.CreateAsync(new() { Url = listener.Prefixes.Single(), EnabledEvents = ["payment_intent.created"] });
        var intent = await Client.V1.PaymentIntents.CreateAsync(Held);

        var delivery = await listener.GetContextAsync();
        using var reader = new StreamReader(delivery.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        delivery.Response.Close();

        // It also refuses an event of another version than its own.
        var happened = EventUtility.ConstructEvent(body, delivery.Request.Headers["Stripe-Signature"], endpoint.Secret);
        happened.Data.Object.ShouldBeOfType<PaymentIntent>().Id.ShouldBe(intent.Id);
        Should.Throw<StripeException>(() => EventUtility.ConstructEvent(body + " ", delivery.Request.Headers["Stripe-Signature"], endpoint.Secret));
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>npm writes its own lock file last, so that an installation broken off is not taken for one.</summary>
    private async Task InstallAsync()
    {
        var installed = Path.Combine(NodeDirectory, "node_modules", ".package-lock.json");
        if (System.IO.File.GetLastWriteTimeUtc(installed) > System.IO.File.GetLastWriteTimeUtc(Path.Combine(NodeDirectory, "package-lock.json")))
            return;
        var (status, output) = await RunAsync("npm", ["ci"]);
        status.ShouldBe(0, output);
    }

    private async Task<(int Status, string Output)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = NodeDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SANDBOX_ADDRESS"] = sandbox.Service.Address.ToString(), ["SANDBOX_KEY"] = Sandbox.Key },
        };
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(output));
    }
}
