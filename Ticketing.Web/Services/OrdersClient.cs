using Microsoft.AspNetCore.WebUtilities;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Services;

/// <summary>The Orders service, as the pages use it.</summary>
internal sealed class OrdersClient(ServiceCaller caller)
{
    private const int PageSize = 50;

    /// <summary>
    /// Reserves tickets; <c>expectedPrice</c> is what the buyer saw that one costs, null if that is not known; <c>key</c> is the
    /// same for each try of one click, so that it reserves once.
    /// </summary>
    public Task<ServiceAnswer<OrderResponse>> PlaceAsync(
        Guid ticketId, int quantity, decimal? expectedPrice, string key, CancellationToken cancellationToken) =>
        caller.SendAsync<OrderResponse>("orders", HttpMethod.Post, "api/orders", cancellationToken,
            new { TicketId = ticketId, Quantity = quantity, ExpectedPrice = expectedPrice }, request =>
            {
                request.Headers.Add("Idempotency-Key", key);
                request.AllowRepeat();
            });

    public Task<ServiceAnswer<OrderResponse[]>> ListAsync(string? cursor, CancellationToken cancellationToken)
    {
        var path = $"api/orders?limit={PageSize}";
        if (!string.IsNullOrEmpty(cursor))
            path = QueryHelpers.AddQueryString(path, "cursor", cursor);
        return caller.SendAsync<OrderResponse[]>("orders", HttpMethod.Get, path, cancellationToken);
    }

    /// <summary>Those that hold tickets and are not paid, or that did a moment ago.</summary>
    public Task<ServiceAnswer<OrderResponse[]>> ListOpenAsync(CancellationToken cancellationToken) =>
        caller.SendAsync<OrderResponse[]>("orders", HttpMethod.Get, "api/orders?status=open", cancellationToken);

    public Task<ServiceAnswer<OrderResponse>> GetAsync(Guid id, CancellationToken cancellationToken) =>
        caller.SendAsync<OrderResponse>("orders", HttpMethod.Get, $"api/orders/{id}", cancellationToken);

    public Task<ServiceAnswer<NoContent>> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        caller.SendAsync<NoContent>("orders", HttpMethod.Delete, $"api/orders/{id}", cancellationToken,
            prepare: request => request.AllowRepeat());
}
