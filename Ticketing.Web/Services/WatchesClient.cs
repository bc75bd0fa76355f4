using Microsoft.AspNetCore.WebUtilities;
using Ticketing.Contracts.Api;

namespace Ticketing.Web.Services;

/// <summary>What a user waits for and was told, at Tickets.</summary>
internal sealed class WatchesClient(ServiceCaller caller)
{
    public Task<ServiceAnswer<NoContent>> WatchAsync(Guid ticketId, CancellationToken cancellationToken) =>
        caller.SendAsync<NoContent>("tickets", HttpMethod.Put, $"api/tickets/{ticketId}/watch", cancellationToken);

    public Task<ServiceAnswer<NoContent>> EndAsync(Guid ticketId, CancellationToken cancellationToken) =>
        caller.SendAsync<NoContent>("tickets", HttpMethod.Delete, $"api/tickets/{ticketId}/watch", cancellationToken);

    public Task<ServiceAnswer<WatchResponse>> GetAsync(Guid ticketId, CancellationToken cancellationToken) =>
        caller.SendAsync<WatchResponse>("tickets", HttpMethod.Get, $"api/tickets/{ticketId}/watch", cancellationToken);

    /// <summary>The listings that the user waits for.</summary>
    public Task<ServiceAnswer<TicketResponse[]>> ListAsync(CancellationToken cancellationToken) =>
        caller.SendAsync<TicketResponse[]>("tickets", HttpMethod.Get, "api/tickets/watches", cancellationToken);

    /// <summary>What the user was told, a page at a time.</summary>
    public Task<ServiceAnswer<NotificationsResponse>> NotificationsAsync(
        string? cursor, CancellationToken cancellationToken, string? limit = null)
    {
        var query = new Dictionary<string, string?> { ["limit"] = limit, ["cursor"] = cursor };
        return caller.SendAsync<NotificationsResponse>(
            "tickets", HttpMethod.Get,
            QueryHelpers.AddQueryString("api/tickets/notifications", query.Where(part => !string.IsNullOrEmpty(part.Value))),
            cancellationToken);
    }

    /// <summary>Marks as read, up to a notification.</summary>
    public Task<ServiceAnswer<NoContent>> ReadAsync(Guid through, CancellationToken cancellationToken) =>
        caller.SendAsync<NoContent>(
            "tickets", HttpMethod.Post, "api/tickets/notifications/read", cancellationToken, new { through });
}
