using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Ticketing.Web.Services;

/// <summary>All that the services keep about the visitor, as they tell it.</summary>
internal sealed class UserDataClient(ServiceCaller caller)
{
    private const string PageSize = "100";

    /// <summary>The user and the sessions.</summary>
    public Task<ServiceAnswer<JsonObject>> GetAccountAsync(CancellationToken cancellationToken) =>
        caller.SendAsync<JsonObject>("auth", HttpMethod.Get, "api/users/data", cancellationToken);

    public IAsyncEnumerable<JsonNode?> ListOrdersAsync(CancellationToken cancellationToken) =>
        ListAsync("orders", "api/orders", cancellationToken);

    public IAsyncEnumerable<JsonNode?> ListPaymentsAsync(CancellationToken cancellationToken) =>
        ListAsync("payments", "api/payments", cancellationToken);

    public IAsyncEnumerable<JsonNode?> ListListingsAsync(Guid seller, CancellationToken cancellationToken) =>
        ListAsync("tickets", $"api/tickets?seller={seller}&all=true", cancellationToken);

    /// <summary>The listings that the user waits for.</summary>
    public IAsyncEnumerable<JsonNode?> ListWatchesAsync(CancellationToken cancellationToken) =>
        ListAsync("tickets", "api/tickets/watches", cancellationToken);

    public IAsyncEnumerable<JsonNode?> ListNotificationsAsync(CancellationToken cancellationToken) =>
        ListAsync("tickets", "api/tickets/notifications", cancellationToken, list => list["notifications"]!);

    /// <summary>A whole list, page after page, each asked for when the one before has been taken.</summary>
    /// <exception cref="ServiceDownException">A page cannot be had.</exception>
    private async IAsyncEnumerable<JsonNode?> ListAsync(
        string service, string path, [EnumeratorCancellation] CancellationToken cancellationToken,
        Func<JsonNode, JsonNode>? itemsOf = null)
    {
        path = QueryHelpers.AddQueryString(path, "limit", PageSize);
        string? cursor = null;
        do
        {
            var page = await caller.SendAsync<JsonNode>(service, HttpMethod.Get,
                cursor is null ? path : QueryHelpers.AddQueryString(path, "cursor", cursor), cancellationToken);
            if (!page.Ok)
                throw new ServiceDownException(service);
            foreach (var item in (itemsOf?.Invoke(page.Value) ?? page.Value).AsArray())
                yield return item;
            cursor = page.NextCursor;
        } while (cursor is not null);
    }
}
