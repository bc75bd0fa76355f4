using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

/// <summary>What the sandbox keeps over a restart, and what it forgets in time.</summary>
public sealed class SandboxStoreTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("sandbox").FullName;

    // Nothing listens there, so that events stay undelivered.
    private readonly Sandbox sandbox = new Sandbox().With("WebhookUrl", "http://127.0.0.1:9/");

    [Fact]
    public async Task Without_a_data_directory_nothing_is_left()
    {
        sandbox.Start();
        var intent = (await sandbox.CreateIntentAsync()).Ok();

        await RestartAsync();

        (await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}")).ErrorCode.ShouldBe("resource_missing");
    }

    [Fact]
    public async Task Authorizations_and_sessions_run_out()
    {
        sandbox.With("DataDirectory", directory).Start();
        var held = (await sandbox.CreateIntentAsync("&payment_method=pm_card_visa&confirm=true")).Ok();
        var session = (await sandbox.PostAsync("/v1/checkout/sessions", Sandbox.NewSession)).Ok();
        sandbox.Clock.Turn(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        await RestartAsync();
        await Eventually.BecomesAsync(async () => (await sandbox.GetAsync($"/v1/checkout/sessions/{session.Id}")).Text("status"), "expired");
        (await sandbox.GetAsync($"/v1/payment_intents/{held.Id}")).Text("status").ShouldBe("requires_capture");

        sandbox.Clock.Turn(TimeSpan.FromMinutes(2));
        await RestartAsync();

        await Eventually.BecomesAsync(async () => (await sandbox.GetAsync($"/v1/payment_intents/{held.Id}")).Text("status"), "canceled");
        (await sandbox.GetAsync($"/v1/payment_intents/{held.Id}")).Text("cancellation_reason").ShouldBe("automatic");
    }

    [Fact]
    public async Task The_oldest_finished_payments_are_forgotten_but_not_those_still_open()
    {
        sandbox.With("DataDirectory", directory).Start();
        var held = (await sandbox.CreateIntentAsync("&payment_method=pm_card_visa&confirm=true")).Ok();
        var done = (await sandbox.CreateIntentAsync("&payment_method=pm_card_visa&confirm=true", key: "done")).Ok();
        (await sandbox.PostAsync($"/v1/payment_intents/{done.Id}/capture")).Ok();
        sandbox.Clock.Turn(TimeSpan.FromSeconds(2));
        (await sandbox.CreateIntentAsync()).Ok();

        sandbox.With("KeptPayments", "1");
        await RestartAsync();

        await Eventually.HoldsAsync(async () => (await sandbox.GetAsync($"/v1/payment_intents/{done.Id}")).Status == 404, "it is forgotten");
        (await sandbox.CreateIntentAsync("&payment_method=pm_card_visa&confirm=true", key: "done")).Id.ShouldNotBe(done.Id);
        (await sandbox.GetAsync($"/v1/payment_intents/{held.Id}?expand[]=payment_method")).Body["payment_method"]!["type"]!.GetValue<string>().ShouldBe("card");
        (await sandbox.PostAsync($"/v1/payment_intents/{held.Id}/capture")).Ok();
        (await sandbox.PostAsync("/v1/refunds", $"payment_intent={held.Id}")).Ok();
    }

    [Fact]
    public async Task What_is_older_than_30_days_is_forgotten()
    {
        sandbox.With("DataDirectory", directory).Start();
        var intent = (await sandbox.CreateIntentAsync()).Ok();
        (await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/cancel")).Ok();
        sandbox.Clock.Turn(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
        await RestartAsync();

        await Eventually.HoldsAsync(async () => (await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}")).Status == 404, "it is forgotten");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private async Task RestartAsync()
    {
        await sandbox.StopAsync();
        sandbox.Start();
    }
}
