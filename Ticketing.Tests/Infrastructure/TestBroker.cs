using System.Collections.Concurrent;
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
                Hear<OrderCreated>();
                Hear<OrderAwaitingPayment>();
                Hear<OrderCancelled>();
                Hear<OrderCompleted>();
                Hear<PaymentRefused>();
                Hear<PaymentStarted>();
                Hear<PaymentAuthorized>();
                Hear<PaymentCaptured>();
                Hear<PaymentReleased>();
                Hear<PaymentFailed>();
                Hear<ExpirationComplete>();
                Hear<UserDeleted>();

                void Hear<T>()
                    where T : class => endpoint.Handler<T>(context =>
                {
                    heard.Enqueue(context.Message);
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
        bus.Publish(@event, @event.GetType(), context => context.MessageId = id ?? context.MessageId);

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
