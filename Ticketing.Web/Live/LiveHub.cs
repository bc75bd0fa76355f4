using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Live;

/// <summary>
/// Where open pages hear of changes. What is public, a ticket's availability, goes to whoever asks for it; what is
/// private, an order's state, goes to its buyer's own connections and cannot be asked for at all.
/// </summary>
internal sealed class LiveHub(TicketWatch watch) : Hub
{
    /// <summary>A page shows one ticket; more than this many is no page of ours.</summary>
    private const int MostTickets = 20;

    private static readonly object TicketsKey = new();

    /// <summary>Message <c>ticket</c> with a <see cref="TicketView"/>.</summary>
    public const string TicketMessage = "ticket";

    /// <summary>Message <c>order</c> with an <see cref="OrderView"/>.</summary>
    public const string OrderMessage = "order";

    /// <summary>Message <c>payment</c> with an order's id and what to tell its buyer.</summary>
    public const string PaymentMessage = "payment";

    public static string TicketGroup(Guid ticketId) => $"ticket:{ticketId}";

    public static string UserGroup(Guid userId) => $"user:{userId}";

    public override Task OnConnectedAsync()
    {
        Context.Items[TicketsKey] = new HashSet<Guid>();
        return base.OnConnectedAsync();
    }

    /// <summary>
    /// Sends this connection the states of its own user's orders and payments. A page asks for it, and reads the present
    /// state once it is answered: so nothing falls between the two, as it could if connecting alone were enough.
    /// </summary>
    [Authorize]
    public Task WatchOrders() => Groups.AddToGroupAsync(Context.ConnectionId, UserGroup(Context.User!.UserId()));

    /// <summary>Sends this connection the availability of a ticket whenever it changes.</summary>
    public async Task WatchTicket(Guid ticketId)
    {
        var tickets = (HashSet<Guid>)Context.Items[TicketsKey]!;
        if (tickets.Count >= MostTickets)
            throw new HubException("Too many tickets.");
        if (!tickets.Add(ticketId))
            return;
        await Groups.AddToGroupAsync(Context.ConnectionId, TicketGroup(ticketId));
        watch.Begin(ticketId);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        foreach (var ticketId in (HashSet<Guid>)Context.Items[TicketsKey]!)
            watch.End(ticketId);
        return base.OnDisconnectedAsync(exception);
    }
}
