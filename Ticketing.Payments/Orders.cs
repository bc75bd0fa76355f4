using System.Net;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>What became of looking for an order.</summary>
internal enum OrderSearch
{
    Found,
    Unknown,

    /// <summary>Orders says that it is somebody else's.</summary>
    NotOwned,

    /// <summary>Orders does not answer.</summary>
    Unavailable,
}

/// <summary>Looks orders up: in the replica, and if its event has not come yet, at Orders, in the caller's name.</summary>
internal sealed class Orders(NpgsqlDataSource database, Retention retention, IHttpClientFactory clients)
{
    public const string Service = "orders";

    /// <summary>The order and, if there is one, its payment.</summary>
    public async Task<(OrderSearch Result, Order? Order, Payment? Payment)> Find(Guid id, HttpRequest caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await OrderReplica.Find(connection, id, cancellationToken) is ({ } known, var payment))
            return (OrderSearch.Found, known, payment);
        // Forgotten here, whatever Orders may still know of it.
        if (id < retention.FirstHeeded)
            return (OrderSearch.Unknown, null, null);
        var (result, order) = await Ask(id, caller, cancellationToken);
        if (order is not null)
            await OrderReplica.Apply(connection, [OrderNews.Of(order)], retention.FirstHeeded, cancellationToken);
        return (result, order, null);
    }

    private async Task<(OrderSearch, Order?)> Ask(Guid id, HttpRequest caller, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/orders/{id}");
        request.Headers.TryAddWithoutValidation(HeaderNames.Authorization,
            caller.Headers.Authorization is [{ } header] ? header : $"Bearer {caller.Cookies[SessionCookies.Session]}");
        try
        {
            using var response = await clients.CreateClient(Service).SendAsync(request, cancellationToken);
            if (response.StatusCode is HttpStatusCode.NotFound)
                return (OrderSearch.Unknown, null);
            if (response.StatusCode is HttpStatusCode.Unauthorized)
                return (OrderSearch.NotOwned, null);
            if (!response.IsSuccessStatusCode)
                return (OrderSearch.Unavailable, null);
            var order = await response.Content.ReadFromJsonAsync<OrderResponse>(JsonConventions.Options, cancellationToken);
            return (OrderSearch.Found, Of(order!));
        }
        catch (Exception problem) when (TransientFailure.Is(problem)
            || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (OrderSearch.Unavailable, null);
        }
    }

    private static Order Of(OrderResponse order) => new(
        order.Id, order.UserId, order.Status, order.Quantity, Money.ToMinorUnits(order.Amount)!.Value, order.Currency,
        order.Ticket.Title, order.Version);
}
