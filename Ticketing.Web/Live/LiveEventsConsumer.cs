using MassTransit;
using Microsoft.AspNetCore.SignalR;
using Ticketing.Contracts;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages;

namespace Ticketing.Web.Live;

/// <summary>
/// Hands what happened on to the pages that are open at this replica. Its queue is this replica's own, so each replica
/// hears everything. Order and repetition do not matter: pages ignore an older version, tickets are read anew.
/// </summary>
internal sealed class LiveEventsConsumer(IHubContext<LiveHub> hub, TicketWatch watch, TimeProvider time) :
    IConsumer<OrderCreated>, IConsumer<OrderAwaitingPayment>, IConsumer<OrderCancelled>, IConsumer<OrderCompleted>,
    IConsumer<TicketUpdated>, IConsumer<TicketDeleted>, IConsumer<PaymentReleased>, IConsumer<PaymentFailed>,
    IConsumer<BackOnSale>
{
    public Task Consume(ConsumeContext<OrderCreated> context) => TellAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderAwaitingPayment> context) => TellAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCancelled> context) => TellAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCompleted> context) => TellAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<TicketUpdated> context) => ChangedAsync(context.Message.Listing);

    public Task Consume(ConsumeContext<TicketDeleted> context) => ChangedAsync(context.Message.Listing);

    public Task Consume(ConsumeContext<PaymentReleased> context) =>
        TellAsync(context.Message.Payment, "Your card was not charged.", context.CancellationToken);

    public Task Consume(ConsumeContext<PaymentFailed> context) =>
        TellAsync(context.Message.Payment, context.Message.Payment.Failure ?? "The payment failed.", context.CancellationToken);

    public Task Consume(ConsumeContext<BackOnSale> context)
    {
        var back = context.Message;
        return Task.WhenAll(back.Notices.Select(notice => hub.TellUserAsync(
            notice.UserId,
            LiveHub.NotificationMessage,
            () => new { notice.Id, back.TicketId, Text = Texts.Shared("Tickets again: {0}", Words.Plain(back.Title)) },
            context.CancellationToken)));
    }

    private Task TellAsync(OrderState order, CancellationToken cancellationToken)
    {
        watch.Changed(order.TicketId);
        return hub.TellUserAsync(order.UserId, LiveHub.OrderMessage, () => OrderView.Of(order, time.GetUtcNow()), cancellationToken);
    }

    private Task TellAsync(PaymentState payment, string message, CancellationToken cancellationToken) =>
        hub.TellUserAsync(
            payment.UserId, LiveHub.PaymentMessage, () => new { payment.OrderId, Message = Texts.Message(message) }, cancellationToken);

    private Task ChangedAsync(ListingState listing)
    {
        watch.Changed(listing.Id);
        return Task.CompletedTask;
    }
}
