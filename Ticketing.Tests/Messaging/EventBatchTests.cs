using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Messaging;

/// <summary>A message carries many events, and each has its own fate; what the release before sent is heard.</summary>
public sealed class EventBatchTests(Servers servers) : IAsyncLifetime
{
    private readonly ConsumingService.Work work = new();
    private TestPlatform platform = null!;

    public async ValueTask InitializeAsync() => platform = await TestPlatform.CreateAsync(servers);

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task One_that_fails_is_laid_aside_alone_with_its_reason_and_can_be_put_back()
    {
        await using var service = await StartAsync();
        var users = Users(100);
        var poison = users[37];
        var mended = false;
        work.Handle = id => id == poison && !mended ? throw new InvalidOperationException("This user breaks it.") : Task.CompletedTask;

        await PublishAsync(users);

        await Eventually.BecomesAsync(() => service.LengthAsync(ConsumingService.Errors), 1u);
        work.Handled.Keys.ShouldBe(users.Where(user => user != poison), ignoreOrder: true);
        (await service.ReasonAsync()).ShouldBe("This user breaks it.");

        mended = true;
        await RequeueAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(work.Handled.ContainsKey(poison)), "it is handled");
        (await service.LengthAsync(ConsumingService.Errors)).ShouldBe(0u);
    }

    [Fact]
    public async Task One_that_times_out_each_time_is_laid_aside_alone()
    {
        await using var service = await StartAsync();
        var users = Users(20);
        work.Handle = id => id == users[7] ? throw new TimeoutException("The statement took too long.") : Task.CompletedTask;

        await PublishAsync(users);

        await Eventually.BecomesAsync(() => service.LengthAsync(ConsumingService.Errors), 1u);
        work.Handled.Count.ShouldBe(19);
        (await service.ReasonAsync()).ShouldBe("The statement took too long.");
    }

    [Fact]
    public async Task One_that_cannot_be_read_is_laid_aside_alone()
    {
        await using var service = await StartAsync();
        var users = Users(3);
        var unreadable = new BatchedEvent(Guid.NewGuid(), JsonSerializer.SerializeToElement(new { userId = 5 }));

        await platform.Broker.SendAsync(new EventBatch<UserDeleted>([.. users.Select(Batched), unreadable]));

        await Eventually.BecomesAsync(() => service.LengthAsync(ConsumingService.Errors), 1u);
        work.Handled.Keys.ShouldBe(users, ignoreOrder: true);
    }

    [Fact]
    public async Task One_that_ends_the_process_each_time_comes_alone_in_the_end()
    {
        var users = Users(3);
        await ConsumingService.PutBackAsync(platform.ConnectionString("rabbitmq"), users, times: 5);
        // It would be its end: nothing after it would be done, and the message would go back.
        work.Handle = id => id == users[0] ? new TaskCompletionSource().Task : Task.CompletedTask;

        await using (await StartAsync())
            await Eventually.BecomesAsync(() => Task.FromResult(work.Handled.Count), 2);
    }

    [Fact]
    public async Task A_server_that_is_away_is_not_asked_for_each_of_a_message()
    {
        await using var service = await StartAsync();
        var users = Users(100);
        work.Serves = false;
        work.Handle = _ => work.Serves ? Task.CompletedTask : throw new TimeoutException("The store does not answer.");

        await PublishAsync(users);
        await Eventually.BecomesAsync(() => service.LengthAsync(ConsumingService.Queue), 1u);
        // In the 5 s until the consumers stop: the message whole, then two alone.
        work.Tried.Count.ShouldBeLessThan(users.Length);
        work.Serves = true;

        await Eventually.BecomesAsync(() => Task.FromResult(work.Handled.Count), users.Length);
        (await service.LengthAsync(ConsumingService.Errors)).ShouldBe(0u);
    }

    [Fact]
    public async Task A_message_of_many_links_to_the_traces_of_what_it_carries_and_counts_it()
    {
        using var recorded = new RecordedActivities();
        await using var service = await StartAsync();
        BatchedEvent[] events = [.. Users(200).Select(user => Batched(user) with
        {
            TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01",
        })];

        using var relay = new Activity("relay") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        await platform.Broker.SendAsync(new EventBatch<UserDeleted>(events));

        await Eventually.HoldsAsync(() => Task.FromResult(Carrying() is not null), "it is consumed");
        Carrying()!.GetTagItem("messaging.batch.message_count").ShouldBe(200);
        Carrying()!.Links.Select(link => link.Context.TraceId.ToString())
            .ShouldBe(events.Take(128).Select(sent => ActivityContext.Parse(sent.TraceParent!, null).TraceId.ToString()));

        Activity? Carrying() => recorded.Of(relay.TraceId).FirstOrDefault(activity => activity.Links.Any());
    }

    [Fact]
    public async Task What_the_release_before_sends_and_left_in_its_queues_is_heard()
    {
        var former = Topology.FormerQueueOf(ConsumingService.Queue)!;
        var exchange = "Ticketing.Contracts:UserDeleted";
        await using var connection = await new ConnectionFactory { Uri = new Uri(platform.ConnectionString("rabbitmq")) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        // As its replicas declared them.
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
        foreach (var queue in ErrorQueues.Of(former).Prepend(former))
        {
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(queue, queue, "");
        }
        await channel.QueueBindAsync(former, exchange, "");
        var (left, sent, failed) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await SendAsync(left);
        await SendAsync(failed, $"{former}_error");

        await using var service = await StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(work.Handled.ContainsKey(left)), "what was left is heard");
        await SendAsync(sent);
        await Eventually.HoldsAsync(() => Task.FromResult(work.Handled.ContainsKey(sent)), "what is sent still is heard");
        await RequeueAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(work.Handled.ContainsKey(failed)), "what had failed is put back");

        ValueTask SendAsync(Guid user, string? queue = null) => channel.BasicPublishAsync(
            queue is null ? exchange : "", queue ?? "", mandatory: true,
            new BasicProperties { ContentType = "application/vnd.masstransit+json", DeliveryMode = DeliveryModes.Persistent },
            System.Text.Encoding.UTF8.GetBytes($$$"""{"messageType":["urn:message:Ticketing.Contracts:UserDeleted"],"message":{"userId":"{{{user}}}"}}"""));
    }

    private async Task RequeueAsync()
    {
        var queues = new ErrorQueues(
            BrokerAddress.Parse(platform.ConnectionString("rabbitmq")), [ConsumingService.Queue], [Topology.FormerQueueOf(ConsumingService.Queue)!]);
        await foreach (var moved in Requeuer.MoveAllAsync(queues, CancellationToken.None))
            moved.Count.ShouldBe(1);
    }

    private static Guid[] Users(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];

    private static BatchedEvent Batched(Guid user) => TestBroker.Batched(new UserDeleted(user));

    private Task PublishAsync(IEnumerable<Guid> users) =>
        platform.Broker.PublishTogetherAsync([.. users.Select(user => new UserDeleted(user))]);

    private Task<ConsumingService> StartAsync() => ConsumingService.StartAsync(platform.ConnectionString("rabbitmq"), work);
}
