using MassTransit;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>Says on the span of a message which order and listing it is about.</summary>
internal sealed class MessageActivities : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class
    {
        var (order, ticket) = About(context.Message);
        if (order is { } orderId)
            Telemetry.About(Telemetry.OrderId, orderId);
        if (ticket is { } ticketId)
            Telemetry.About(Telemetry.TicketId, ticketId);
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private static (Guid? Order, Guid? Ticket) About(object message) => message switch
    {
        OrderCreated { Order: var order } => (order.Id, order.TicketId),
        OrderAwaitingPayment { Order: var order } => (order.Id, order.TicketId),
        OrderCancelled { Order: var order } => (order.Id, order.TicketId),
        OrderCompleted { Order: var order } => (order.Id, order.TicketId),
        PaymentStarted { Payment: var payment } => (payment.OrderId, null),
        PaymentAuthorized { Payment: var payment } => (payment.OrderId, null),
        PaymentCaptured { Payment: var payment } => (payment.OrderId, null),
        PaymentReleased { Payment: var payment } => (payment.OrderId, null),
        PaymentFailed { Payment: var payment } => (payment.OrderId, null),
        PaymentRefused refused => (refused.OrderId, null),
        TicketCreated { Listing: var listing } => (null, listing.Id),
        TicketUpdated { Listing: var listing } => (null, listing.Id),
        TicketDeleted { Listing: var listing } => (null, listing.Id),
        ListingCorrected corrected => (null, corrected.TicketId),
        BackOnSale back => (null, back.TicketId),
        _ => default,
    };
}
