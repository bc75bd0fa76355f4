using Microsoft.AspNetCore.SignalR;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages;

namespace Ticketing.Web.Live;

/// <summary>
/// Hands what happened on to the pages that are open at this replica. Its queue is this replica's own, so each replica
/// hears everything. Order and repetition do not matter: pages ignore an older version.
/// </summary>
internal sealed class LiveEvents(IHubContext<LiveHub> hub, TimeProvider time) :
    IHandleEvents<OrderCreated>, IHandleEvents<OrderPaymentStateChanged>, IHandleEvents<OrderCancelled>, IHandleEvents<OrderCompleted>,
    IHandleEvents<PaymentReleased>, IHandleEvents<PaymentFailed>, IHandleEvents<BackOnSale>
{
    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCreated>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((created, token) => TellAsync(created.Order, token), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderPaymentStateChanged>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((changed, token) => TellAsync(changed.Order, token), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCancelled>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((cancelled, token) => TellAsync(cancelled.Order, token), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCompleted>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((completed, token) => TellAsync(completed.Order, token), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<PaymentReleased>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((released, token) => TellAsync(released.Payment, "Your card was not charged.", token), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<PaymentFailed>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync(
            (failed, token) => TellAsync(failed.Payment, failed.Payment.Failure ?? "The payment failed.", token), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<BackOnSale>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync(TellAsync, cancellationToken);

    private Task TellAsync(BackOnSale back, CancellationToken cancellationToken) => Task.WhenAll(back.Notices.Select(notice =>
        hub.TellUserAsync(
            notice.UserId,
            LiveHub.NotificationMessage,
            () => new { notice.Id, back.TicketId, Text = Texts.Shared("Tickets again: {0}", Words.Plain(back.Title)) },
            cancellationToken)));

    private Task TellAsync(OrderState order, CancellationToken cancellationToken) =>
        hub.TellUserAsync(order.UserId, LiveHub.OrderMessage, () => OrderView.Of(order, time.GetUtcNow()), cancellationToken);

    private Task TellAsync(PaymentState payment, string message, CancellationToken cancellationToken) =>
        hub.TellUserAsync(
            payment.UserId, LiveHub.PaymentMessage, () => new { payment.OrderId, Message = Texts.Message(message) }, cancellationToken);
}
