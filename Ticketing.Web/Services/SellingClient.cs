using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Ticketing.Contracts.Api;

namespace Ticketing.Web.Services;

/// <summary>A seller's books at Tickets, as the pages use them.</summary>
internal sealed class SellingClient(ServiceCaller caller)
{
    /// <summary>What was sold in the last days.</summary>
    public Task<ServiceAnswer<SalesResponse>> SalesAsync(int days, CancellationToken cancellationToken) =>
        SendAsync<SalesResponse>("api/tickets/sales", days, cursor: null, cancellationToken);

    /// <summary>The seller's listings with what became of their tickets, a page at a time.</summary>
    public Task<ServiceAnswer<SalesOfListing[]>> ListingsAsync(string? cursor, CancellationToken cancellationToken) =>
        SendAsync<SalesOfListing[]>("api/tickets/sales/listings", days: null, cursor, cancellationToken);

    /// <summary>The lines of the books, a page at a time.</summary>
    public Task<ServiceAnswer<SalesEntry[]>> EntriesAsync(int days, string? cursor, CancellationToken cancellationToken) =>
        SendAsync<SalesEntry[]>("api/tickets/sales/entries", days, cursor, cancellationToken);

    /// <summary>How a listing's price changed, newest first.</summary>
    public Task<ServiceAnswer<PriceChange[]>> PricesAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync<PriceChange[]>($"api/tickets/{id}/prices", days: null, cursor: null, cancellationToken);

    private Task<ServiceAnswer<T>> SendAsync<T>(string path, int? days, string? cursor, CancellationToken cancellationToken)
        where T : class
    {
        var query = new Dictionary<string, string?> { ["days"] = days?.ToString(CultureInfo.InvariantCulture), ["cursor"] = cursor };
        return caller.SendAsync<T>(
            "tickets", HttpMethod.Get, QueryHelpers.AddQueryString(path, query.Where(part => !string.IsNullOrEmpty(part.Value))),
            cancellationToken);
    }
}
