using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>What is published is in its queues, or an error; and whatever becomes of the broker, the next one is published again.</summary>
public sealed class EventPublisherTests : IAsyncLifetime
{
    private const string Queue = Topology.TicketsOrders;

    private TestServer broker = null!;
    private EventPublisher publisher = null!;

    public async ValueTask InitializeAsync()
    {
        broker = await TestServer.StartRabbitMQAsync();
        publisher = new(BrokerAddress.Parse(broker.ConnectionString));
    }

    public async ValueTask DisposeAsync()
    {
        await publisher.DisposeAsync();
        await broker.DisposeAsync();
    }

    /// <summary>
    /// RabbitMQ forgets a quorum queue that is killed within half a second of its first declaration, which is waited for. Without
    /// the wait the last queue never confirms again.
    /// </summary>
    [Fact]
    public async Task It_comes_back_after_a_new_broker_was_killed_at_once()
    {
        await PublishManyAsync(20);

        await broker.KillAsync();
        await Should.ThrowAsync<Exception>(() => PublishManyAsync(1));
        await broker.StartAgainAsync();

        await PublishManyAsync(150);
    }

    /// <summary>MassTransit 8.4 was disposed of for ever by confirms that did not come (its issue 5823).</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_comes_back_after_confirms_that_did_not_come(bool killed)
    {
        await PublishManyAsync(20);

        Posix.Kill(broker.ProcessId, Signal.Stop);
        for (var time = 0; time < 3; time++)
            await Should.ThrowAsync<Exception>(() => PublishManyAsync(20, TimeSpan.FromSeconds(1)));
        if (killed)
        {
            await broker.KillAsync();
            await broker.StartAgainAsync();
        }
        else
        {
            Posix.Kill(broker.ProcessId, Signal.Continue);
        }

        await PublishManyAsync(150);
        publisher.Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_broker_that_takes_nothing_is_told_of_until_it_takes_something()
    {
        await PublishManyAsync(1);
        publisher.Refusal.ShouldBeNull();

        await Rabbitmqctl.EvalAsync(broker.ProcessId, "rabbit_alarm:set_alarm({{resource_limit, disk, node()}, []}).");
        for (var time = 0; time < 3; time++)
            await Should.ThrowAsync<Exception>(() => PublishManyAsync(20, TimeSpan.FromSeconds(1)));
        publisher.Refusal.ShouldBe("it does not confirm them, as when it is out of memory or disk");
        await Rabbitmqctl.EvalAsync(broker.ProcessId, "rabbit_alarm:clear_alarm({resource_limit, disk, node()}).");

        await PublishManyAsync(150);
        publisher.Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_broker_that_lost_everything_has_its_queues_before_the_next_event_comes()
    {
        await PublishManyAsync(20);

        await broker.KillAsync();
        Directory.Delete(Path.Combine(broker.DataDirectory, "rabbitmq", "mnesia"), recursive: true);
        await broker.StartAgainAsync();
        await PublishManyAsync(20);

        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        (await channel.QueueDeclarePassiveAsync(Queue)).MessageCount.ShouldBe(20u);
        foreach (var errors in ErrorQueues.Of(Queue))
            await channel.QueueDeclarePassiveAsync(errors);
    }

    [Fact]
    public async Task An_event_that_no_queue_takes_is_an_error_and_none_for_the_others()
    {
        await PublishManyAsync(1);
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(Topology.TicketsCorrections, ifUnused: false, ifEmpty: false);

        var others = PublishManyAsync(20);
        await Should.ThrowAsync<UnroutableEventException>(() =>
            PublishAsync(new ListingCorrected(Guid.NewGuid(), 1, 0), CancellationToken.None));
        await others;
        await PublishManyAsync(20);
        // Where no page is open, nobody hears of it.
        await PublishAsync(new BackOnSale(Guid.NewGuid(), "Concert", DateTimeOffset.UnixEpoch, []), CancellationToken.None);
    }

    [Fact]
    public async Task An_event_is_told_as_it_was_committed_in_its_trace()
    {
        // What a relay of an older version does not know; and no trace that is recorded.
        var committed = JsonElement.Parse("""{"order":{"price":1.10,"title":"<é & \"ü\">","none":null},"big":12345678901234567890}""");
        var (id, trace) = (Guid.NewGuid(), $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00");
        using (new Activity("relay").SetParentId(trace).Start())
            await publisher.PublishAsync(nameof(OrderCreated), [new(id, committed, trace)], CancellationToken.None);

        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var message = (await channel.BasicGetAsync(Queue, autoAck: true))!;
        message.BasicProperties.MessageId.ShouldBe(id.ToString());
        message.BasicProperties.DeliveryMode.ShouldBe(DeliveryModes.Persistent);
        Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers!["MT-Activity-Id"]!).ShouldContain(ActivityContext.Parse(trace, null).TraceId.ToString());
        var sent = JsonElement.Parse(message.Body.Span).GetProperty("message").GetProperty("events").Deserialize<BatchedEvent[]>(JsonConventions.Options)!;
        sent.ShouldHaveSingleItem();
        (sent[0].Id, sent[0].TraceParent).ShouldBe((id, trace));
        JsonElement.DeepEquals(sent[0].Event, committed).ShouldBeTrue();
        sent[0].Event.GetProperty("order").GetProperty("price").GetRawText().ShouldBe("1.10");
    }

    private async Task PublishManyAsync(int count, TimeSpan? patience = null)
    {
        using var timeout = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(20));
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => PublishAsync(SomeOrder(), timeout.Token)));
    }

    private Task PublishAsync(object @event, CancellationToken cancellationToken) =>
        publisher.PublishAsync(@event.GetType().Name, [TestBroker.Batched(@event)], cancellationToken);

    private Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new Uri(broker.ConnectionString) }.CreateConnectionAsync();

    private static OrderCreated SomeOrder() => new(new OrderState(
        Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), 1, 1999, "usd", OrderStatus.Created, null,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "Concert", 1999, 0, null, null, 0));
}
