using Shouldly;
using Ticketing.StripeSandbox.Bookkeeping;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

public sealed class BooksTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("sandbox").FullName;

    [Fact]
    public async Task The_books_outlive_the_process_with_kept_answers_and_undelivered_events()
    {
        var sandbox = Sandbox();
        var intent = (await sandbox.CreateIntentAsync(key: "kept")).Ok();
        await sandbox.ConfirmAsync(intent.Id, "tok_visa");
        await sandbox.StopAsync();

        sandbox.Start();

        (await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}")).Text("status").ShouldBe("requires_capture");
        (await sandbox.CreateIntentAsync(key: "kept")).Replayed.ShouldBeTrue();
        (await sandbox.GetAsync("/sandbox/books")).Number("pending_deliveries").ShouldBe(2);
        (await sandbox.PostAsync($"/v1/payment_intents/{intent.Id}/capture")).Ok();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_last_line_cut_off_in_the_middle_never_happened()
    {
        var sandbox = Sandbox();
        var intent = (await sandbox.CreateIntentAsync()).Ok();
        await sandbox.StopAsync();
        await File.AppendAllTextAsync(Path.Combine(directory, "books.jsonl"), "{\"Put\":[{\"kind\":\"payment_int");

        sandbox.Start();

        (await sandbox.GetAsync($"/v1/payment_intents/{intent.Id}")).Ok();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Time_ends_authorizations_and_sessions_and_the_oldest_finished_payments_are_forgotten()
    {
        var sandbox = Sandbox();
        var held = (await sandbox.CreateIntentAsync("&payment_method=pm_card_visa&confirm=true")).Ok();
        var done = (await sandbox.CreateIntentAsync("&payment_method=pm_card_visa&confirm=true")).Ok();
        await sandbox.PostAsync($"/v1/payment_intents/{done.Id}/capture");
        var books = (Books)sandbox.Service.Services.GetService(typeof(Books))!;
        sandbox.Clock.Turn(TimeSpan.FromDays(8));
        (await sandbox.CreateIntentAsync()).Ok();

        books.Write(new Caller(""), Housekeeping.RunOut).ShouldBe(1);
        books.Write(new Caller(""), transaction => Housekeeping.Forget(transaction, keptPayments: 1));

        (await sandbox.GetAsync($"/v1/payment_intents/{held.Id}")).ErrorCode.ShouldBe("resource_missing");
        (await sandbox.GetAsync($"/v1/payment_intents/{done.Id}")).ErrorCode.ShouldBe("resource_missing");
        books.All<PaymentIntent>().Count.ShouldBe(1);
        books.All<Charge>().ShouldBeEmpty();
        await sandbox.DisposeAsync();
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private Sandbox Sandbox()
    {
        // Nobody listens there, so that events stay undelivered.
        var sandbox = new Sandbox().With("DataDirectory", directory).With("WebhookUrl", "http://127.0.0.1:9/");
        sandbox.Start();
        return sandbox;
    }
}
