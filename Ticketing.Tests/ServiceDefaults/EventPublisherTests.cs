using System.Text.Json;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class EventPublisherTests
{
    /// <summary>
    /// RabbitMQ forgets a quorum queue that is killed within half a second of its first declaration; the publisher
    /// waits for that time. Without the wait the last queue never confirms again.
    /// </summary>
    [Fact]
    public async Task It_comes_back_after_a_new_broker_was_killed_at_once()
    {
        await using var broker = await TestServer.StartRabbitMQAsync();
        await using var publisher = new EventPublisher(BrokerAddress.Parse(broker.ConnectionString));
        await PublishManyAsync(publisher, 20);

        await broker.KillAsync();
        await Should.ThrowAsync<Exception>(() => PublishManyAsync(publisher, 1));
        await broker.StartAgainAsync();

        await PublishManyAsync(publisher, 150);
    }

    [Fact]
    public async Task An_event_that_no_queue_takes_is_an_error()
    {
        await using var broker = await TestServer.StartRabbitMQAsync();
        await using var publisher = new EventPublisher(BrokerAddress.Parse(broker.ConnectionString));
        await publisher.ConnectAsync(CancellationToken.None);
        await DeleteQueueAsync(broker, Topology.TicketsCorrections);

        await Should.ThrowAsync<UnroutableEventException>(() =>
            publisher.PublishAsync(nameof(ListingCorrected), [Stored(new ListingCorrected(Guid.NewGuid(), 1, 0))], CancellationToken.None));
        await PublishManyAsync(publisher, 1);
    }

    private static async Task PublishManyAsync(EventPublisher publisher, int count)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
            publisher.PublishAsync(nameof(OrderCreated), [Stored(SomeOrder())], timeout.Token)));
    }

    private static async Task DeleteQueueAsync(TestServer broker, string queue)
    {
        var factory = new RabbitMQ.Client.ConnectionFactory { Uri = new Uri(broker.ConnectionString) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
    }

    private static StoredEvent Stored(object @event) =>
        new(Guid.NewGuid(), JsonSerializer.Serialize(@event, @event.GetType(), JsonConventions.Options), TraceParent: null);

    private static OrderCreated SomeOrder() => new(new OrderState(
        Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), 1, 1999, "usd", OrderStatus.Created, null,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "Concert", 1999, 0, null, null, 0));
}
