using Ticketing.Contracts.Api;
using Ticketing.Web.Services;

namespace Ticketing.Web.WaitingRoom;

/// <summary>Places the orders of the site's pages, for whose turn it is.</summary>
internal sealed class OrderDesk(Turnstile turnstile, OrdersClient orders)
{
    /// <summary>
    /// Reserves tickets; <c>expectedPrice</c> is what the buyer saw that one costs, null if that is not known; <c>key</c> is the
    /// same for each try of one click, so that it reserves once.
    /// </summary>
    /// <returns>The answer of Orders; or, where one must wait, none but the place.</returns>
    /// <exception cref="ServiceDownException">Orders does not answer; the turn is still to come.</exception>
    public async Task<(Place Place, ServiceAnswer<OrderResponse>? Answer)> PlaceAsync(
        Guid ticketId, int quantity, decimal? expectedPrice, string key, Guid userId, CancellationToken cancellationToken)
    {
        await turnstile.AnyAsync();
        var room = turnstile.RoomOf(ticketId);
        var place = await turnstile.EnterAsync(room, userId, key);
        if (place.MustWait)
            return (place, null);
        // A page that goes away while its order is placed leaves it so: see SettleAsync.
        var status = 0;
        try
        {
            var order = await orders.PlaceAsync(ticketId, quantity, expectedPrice, key, cancellationToken);
            status = (int)order.Status;
            return (place, order);
        }
        catch (ServiceDownException)
        {
            status = StatusCodes.Status503ServiceUnavailable;
            throw;
        }
        finally
        {
            await turnstile.SettleAsync(room, userId, key, place, status);
        }
    }
}
