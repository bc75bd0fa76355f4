using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.SignalR;
using Ticketing.ApiDefaults;
using Ticketing.Web.WaitingRoom;

namespace Ticketing.Web.Live;

/// <summary>
/// Where open pages hear of changes, in the language in which they were opened. What is public, a ticket's availability,
/// goes to whoever asks for it; what is private, an order's state, goes to its buyer's own connections and cannot be asked
/// for at all.
/// </summary>
internal sealed class LiveHub(TicketWatch watch, QueueWatch queues) : Hub
{
    /// <summary>A list shows fewer; more than this many is no page of ours.</summary>
    private const int MostTickets = 200;

    private static readonly object TicketsKey = new();
    private static readonly object QueueKey = new();

    /// <summary>Message <c>ticket</c> with a <see cref="TicketView"/>.</summary>
    public const string TicketMessage = "ticket";

    /// <summary>Message <c>order</c> with an <see cref="OrderView"/>.</summary>
    public const string OrderMessage = "order";

    /// <summary>Message <c>payment</c> with an order's id and what to tell its buyer.</summary>
    public const string PaymentMessage = "payment";

    /// <summary>Message <c>notification</c> with a notification's id, its ticket's, and what it says.</summary>
    public const string NotificationMessage = "notification";

    /// <summary>Message <c>queue</c> with a <see cref="QueueView"/>.</summary>
    public const string QueueMessage = "queue";

    private CultureInfo Culture =>
        Context.GetHttpContext()!.Features.GetRequiredFeature<IRequestCultureFeature>().RequestCulture.UICulture;

    private HashSet<Guid> Tickets => (HashSet<Guid>)Context.Items[TicketsKey]!;

    public override Task OnConnectedAsync()
    {
        Context.Items[TicketsKey] = new HashSet<Guid>();
        return base.OnConnectedAsync();
    }

    /// <summary>
    /// Sends this connection the states of its own user's orders and payments, and their notifications. A page asks for it, and reads the present
    /// state once it is answered: so nothing falls between the two, as it could if connecting alone were enough.
    /// </summary>
    [Authorize]
    public Task WatchOrders() =>
        Groups.AddToGroupAsync(Context.ConnectionId, LiveMessages.UserGroup(Context.User!.UserId(), Culture));

    /// <summary>Sends this connection the availability of a ticket whenever it changes.</summary>
    public Task WatchTicket(Guid ticketId) => WatchTickets([.. Tickets, ticketId]);

    /// <summary>The same for the tickets of a list; those that it watched before and that are not among them it no longer does.</summary>
    public async Task WatchTickets(IReadOnlyList<Guid> ticketIds)
    {
        if (ticketIds.Count > MostTickets)
            throw new HubException("Too many tickets.");
        foreach (var ticketId in Tickets.Except(ticketIds).ToList())
        {
            await Groups.RemoveFromGroupAsync(Context.ConnectionId, LiveMessages.TicketGroup(ticketId, Culture));
            Tickets.Remove(ticketId);
            watch.End(ticketId);
        }
        foreach (var ticketId in ticketIds.Where(ticketId => !Tickets.Contains(ticketId)).Distinct().ToList())
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, LiveMessages.TicketGroup(ticketId, Culture));
            Tickets.Add(ticketId);
            watch.Begin(ticketId);
        }
    }

    /// <summary>
    /// Sends this connection its own user's place in the line for a ticket, and keeps the place as long as the connection
    /// lasts. A page shows one line.
    /// </summary>
    [Authorize]
    public async Task WatchQueue(Guid ticketId)
    {
        await WatchOrders();
        EndQueue();
        Context.Items[QueueKey] = ticketId;
        queues.Begin(ticketId, Context.User!.UserId());
    }

    private void EndQueue()
    {
        if (Context.Items.Remove(QueueKey, out var ticketId))
            queues.End((Guid)ticketId!, Context.User!.UserId());
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        EndQueue();
        foreach (var ticketId in Tickets)
            watch.End(ticketId);
        return base.OnDisconnectedAsync(exception);
    }
}
