using MassTransit;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>Keeps the replica of the orders. What the end of an order means is in <see cref="StopPayment"/> and <see cref="CapturePayment"/>.</summary>
internal sealed class OrderEventsConsumer(OrderNotes notes) : IConsumer<OrderCreated>, IConsumer<OrderAwaitingPayment>
{
    public Task Consume(ConsumeContext<OrderCreated> context) =>
        notes.Take(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderAwaitingPayment> context) =>
        notes.Take(context.Message.Order, context.CancellationToken);
}
