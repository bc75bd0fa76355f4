using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit;
using Ticketing.Contracts;

namespace Ticketing.Tests.Infrastructure;

/// <summary>A bus of the test's own on the class's virtual host: it hears every event and can publish any.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly IBusControl bus;
    private readonly ConcurrentQueue<object> heard;

    private TestBroker(IBusControl bus, ConcurrentQueue<object> heard) => (this.bus, this.heard) = (bus, heard);

    public static async Task<TestBroker> ConnectAsync(string address)
    {
        var heard = new ConcurrentQueue<object>();
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(address));
            rabbit.ReceiveEndpoint($"test-{Guid.NewGuid():N}", endpoint =>
            {
                endpoint.AutoDelete = true;
                Hear<TicketCreated>();
                Hear<TicketUpdated>();
                Hear<TicketDeleted>();
                Hear<ListingCorrected>();
                Hear<BackOnSale>();
                Hear<AvailabilityChanged>();
                Hear<OrderCreated>();
                Hear<OrderPaymentStateChanged>();
                Hear<OrderCancelled>();
                Hear<OrderCompleted>();
                Hear<PaymentRefused>();
                Hear<PaymentStarted>();
                Hear<PaymentAuthorized>();
                Hear<PaymentCaptured>();
                Hear<PaymentReleased>();
                Hear<PaymentFailed>();
                Hear<UserDeleted>();

                endpoint.Handler<ExpirationComplete>(context =>
                {
                    heard.Enqueue(context.Message);
                    return Task.CompletedTask;
                });

                void Hear<T>()
                    where T : class => endpoint.Handler<EventBatch<T>>(context =>
                {
                    foreach (var sent in context.Message.Events)
                        heard.Enqueue(sent.Event.Deserialize<T>(JsonConventions.Options)!);
                    return Task.CompletedTask;
                });
            });
        });
        await bus.StartAsync();
        return new TestBroker(bus, heard);
    }

    /// <summary>Publishes an event, as the service that owns it would.</summary>
    /// <param name="event">One of the events of the platform.</param>
    /// <param name="id">The message's id; null for a new one.</param>
    public Task PublishAsync(object @event, Guid? id = null) =>
        @event is ExpirationComplete ? SendAsync(@event, id) : PublishTogetherAsync([@event], id);

    /// <summary>Publishes events of one kind in one message, as a busy relay would.</summary>
    /// <param name="events">The events.</param>
    /// <param name="id">The message's id; null for a new one.</param>
    public Task PublishTogetherAsync(IReadOnlyList<object> events, Guid? id = null)
    {
        var type = events[0].GetType();
        return SendAsync(Activator.CreateInstance(Topology.BatchOf(type), [events.Select(Batched).ToList()])!, id);
    }

    /// <summary>An event as a message carries it.</summary>
    /// <param name="event">One of the events of the platform.</param>
    public static BatchedEvent Batched(object @event) =>
        new(Guid.NewGuid(), JsonSerializer.SerializeToElement(@event, @event.GetType(), JsonConventions.Options));

    /// <summary>Publishes a message as it is.</summary>
    /// <param name="message">The message.</param>
    /// <param name="id">The message's id; null for a new one.</param>
    public Task SendAsync(object message, Guid? id = null) =>
        bus.Publish(message, message.GetType(), context => context.MessageId = id ?? context.MessageId);

    /// <summary>All events of a type that were heard so far and match.</summary>
    public IReadOnlyList<T> Heard<T>(Func<T, bool>? match = null) =>
        [.. heard.OfType<T>().Where(@event => match?.Invoke(@event) ?? true)];

    /// <summary>Waits for an event.</summary>
    public async Task<T> HearAsync<T>(Func<T, bool>? match = null)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(Heard(match).Count > 0), $"a {typeof(T).Name} is published");
        return Heard(match)[0];
    }

    public async ValueTask DisposeAsync() => await bus.StopAsync();
}
