using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using RabbitMQ.Client;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>Messages that cannot be handled are laid aside with the reason, seen, and put back. Seen on Orders.</summary>
public sealed class ErrorQueueTests(Servers servers) : IAsyncLifetime
{
    private const string Queue = Topology.OrdersListings;
    private const string Errors = $"{Queue}_error";

    private TestPlatform platform = null!;
    private IConnection connection = null!;
    private IChannel channel = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await TestPlatform.CreateAsync(servers, "orders");
        connection = await new ConnectionFactory { Uri = new Uri(platform.ConnectionString("rabbitmq")) }.CreateConnectionAsync();
        channel = await connection.CreateChannelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task Poison_is_laid_aside_shown_and_put_back_after_the_fix_while_everything_behind_it_is_handled()
    {
        var orders = await platform.StartAsync<Ticketing.Orders.Order>();
        using var client = orders.Anonymous();
        using var metrics = new MeasuredService(orders.Services);
        await using var database = await platform.OpenAsync("orders");
        // The bug: listings of this title cannot be stored.
        await database.ExecuteAsync(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'this title breaks it'; END $$;
            CREATE TRIGGER fail BEFORE INSERT ON listings FOR EACH ROW WHEN (NEW.title = 'poison') EXECUTE FUNCTION fail();
            """);
        var (poison, healthy) = (Listing("poison"), Listing("healthy"));

        await platform.Broker.PublishAsync(new TicketCreated(poison));
        await SendAsync("this is no JSON");
        await SendAsync("""{"messageType":["urn:message:Ticketing.Contracts:EventBatch[[Ticketing.Contracts:TicketCreated]]"],"message":{"events":5}}""");
        await SendAsync("""{"messageType":["urn:message:Ticketing.Contracts:NobodyKnowsThis"],"message":{}}""");
        await platform.Broker.PublishAsync(new TicketCreated(healthy));

        await Eventually.BecomesAsync(() => IsKnownAsync(healthy), true);
        await Eventually.BecomesAsync(() => LengthAsync(Errors), 3u);
        await Eventually.BecomesAsync(() => LengthAsync($"{Queue}_skipped"), 1u);
        var health = await HealthAsync("Degraded");
        var detail = health["checks"]!["error-queues"]!;
        detail["description"]!.ToString().ShouldBe(
            $"Messages that could not be handled wait in {Errors} (3), {Queue}_skipped (1). " +
            "When the cause is mended, put them back: dotnet Ticketing.Orders.dll --requeue-errors");
        detail["data"]![Errors]!.GetValue<int>().ShouldBe(3);
        metrics.Of("ticketing.messaging.error_queue.messages", Errors).ShouldBe(3);
        (await HeadersAsync("MT-Fault-Message")).ShouldContain(message => message.Contains("this title breaks it"));

        await database.ExecuteAsync("DROP TRIGGER fail ON listings");
        var moved = await RequeueAsync();

        moved.Select(queue => (queue.From, queue.Count)).ShouldBe([(Errors, 3), ($"{Queue}_skipped", 1)]);
        moved[0].Reasons.ShouldContain(reason => reason.Key.Contains("this title breaks it") && reason.Value == 1);
        await Eventually.BecomesAsync(() => IsKnownAsync(poison), true);
        // What nobody will ever read comes back, and is thrown away by hand.
        await Eventually.BecomesAsync(() => LengthAsync(Errors), 2u);
        await channel.QueuePurgeAsync(Errors);
        await Eventually.BecomesAsync(() => LengthAsync($"{Queue}_skipped"), 1u);
        await channel.QueuePurgeAsync($"{Queue}_skipped");
        await HealthAsync("Healthy");
        metrics.Of("ticketing.messaging.error_queue.messages", Errors).ShouldBe(0);

        async Task<JsonNode> HealthAsync(string status)
        {
            JsonNode? health = null;
            await Eventually.HoldsAsync(async () =>
            {
                var answer = await client.GetAsync("/health");
                answer.IsSuccessStatusCode.ShouldBeTrue("it stays in service");
                health = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
                return health["status"]!.ToString() == status;
            }, $"health is {status}");
            return health!;
        }
    }

    [Fact]
    public async Task The_command_killed_in_the_middle_loses_nothing()
    {
        const int Count = 3000;
        await TopologyDeclaration.DeclareAsync(BrokerAddress.Parse(platform.ConnectionString("rabbitmq")), CancellationToken.None);
        await using (var confirming = await connection.CreateChannelAsync(new(true, true)))
        {
            await Task.WhenAll(Enumerable.Range(0, Count).Select(number => confirming.BasicPublishAsync(
                "", Errors, mandatory: true, new BasicProperties { MessageId = $"{number}", DeliveryMode = DeliveryModes.Persistent },
                ReadOnlyMemory<byte>.Empty).AsTask()));
        }

        using (var command = StartCommand())
        {
            await Eventually.HoldsAsync(async () => await LengthAsync(Queue) > 50, "some are put back");
            command.Kill();
            await command.WaitForExitAsync();
        }
        (await LengthAsync(Queue)).ShouldBeLessThan((uint)Count, "it was killed in the middle");
        using (var command = StartCommand())
        {
            await command.WaitForExitAsync();
            command.ExitCode.ShouldBe(0);
        }

        (await LengthAsync(Errors)).ShouldBe(0u);
        var found = new HashSet<string>();
        while (await channel.BasicGetAsync(Queue, autoAck: true) is { } message)
            found.Add(message.BasicProperties.MessageId!);
        found.Count.ShouldBe(Count);
    }

    /// <summary>The command as an operator runs it.</summary>
    private Process StartCommand()
    {
        var start = new ProcessStartInfo("dotnet", [TestFiles.BuiltProgram("Ticketing.Orders"), "--requeue-errors"]);
        foreach (var name in (string[])["orders-db", "rabbitmq"])
            start.Environment[$"ConnectionStrings__{name}"] = platform.ConnectionString(name);
        start.Environment["services__auth__http__0"] = "http://127.0.0.1:9";
        return Process.Start(start)!;
    }

    private async Task<List<Requeued>> RequeueAsync()
    {
        var queues = new ErrorQueues(BrokerAddress.Parse(platform.ConnectionString("rabbitmq")), [Queue], []);
        var moved = new List<Requeued>();
        await foreach (var queue in Requeuer.MoveAllAsync(queues, CancellationToken.None))
            moved.Add(queue);
        return moved;
    }

    private static ListingState Listing(string title) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), title, 1999, "usd", 10, null, null, null, DateTimeOffset.UnixEpoch, 0);

    private ValueTask SendAsync(string body) => channel.BasicPublishAsync(
        "", Queue, mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(body));

    private async Task<uint> LengthAsync(string queue) => (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;

    private async Task<bool> IsKnownAsync(ListingState listing)
    {
        await using var database = await platform.OpenAsync("orders");
        return await database.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM listings WHERE id = @Id)", new { listing.Id });
    }

    /// <summary>A header of every message in the error queue; they stay there.</summary>
    private async Task<List<string>> HeadersAsync(string name)
    {
        await using var looking = await connection.CreateChannelAsync();
        var values = new List<string>();
        while (await looking.BasicGetAsync(Errors, autoAck: false) is { } message)
            values.Add(message.BasicProperties.Headers!.TryGetValue(name, out var value) ? Encoding.UTF8.GetString((byte[])value!) : "");
        return values;
    }
}
