using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Ticketing.Contracts.Api;

namespace Ticketing.Web.Services;

/// <summary>The Tickets service, as the pages use it.</summary>
internal sealed class TicketsClient(ServiceCaller caller)
{
    /// <summary>How many listings a page of a list shows.</summary>
    private const string PageSize = "24";

    /// <summary>What is on sale.</summary>
    /// <param name="query">Words, bounds, order and cursor, as Tickets names them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ServiceAnswer<TicketResponse[]>> SearchAsync(
        IEnumerable<KeyValuePair<string, string?>> query, CancellationToken cancellationToken) =>
        ListAsync([.. query, new("limit", PageSize)], cancellationToken);

    /// <summary>Everything of one seller, sold out or not.</summary>
    public Task<ServiceAnswer<TicketResponse[]>> ListOfAsync(Guid seller, string? cursor, CancellationToken cancellationToken) =>
        ListAsync([new("seller", seller.ToString()), new("all", "true"), new("cursor", cursor), new("limit", PageSize)], cancellationToken);

    /// <summary>Certain ones, sold out or not; those that are gone are missing.</summary>
    public Task<ServiceAnswer<TicketResponse[]>> GetAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken) =>
        ListAsync([new("ids", string.Join(',', ids))], cancellationToken);

    private Task<ServiceAnswer<TicketResponse[]>> ListAsync(
        KeyValuePair<string, string?>[] query, CancellationToken cancellationToken) =>
        caller.SendAsync<TicketResponse[]>(
            "tickets", HttpMethod.Get, QueryHelpers.AddQueryString("api/tickets", query.Where(part => !string.IsNullOrEmpty(part.Value))),
            cancellationToken);

    public Task<ServiceAnswer<TicketResponse>> GetAsync(Guid id, CancellationToken cancellationToken) =>
        caller.SendAsync<TicketResponse>("tickets", HttpMethod.Get, $"api/tickets/{id}", cancellationToken);

    /// <summary>What the visitor ordered, as it is now, also when it was withdrawn since.</summary>
    public async Task<ServiceAnswer<TicketResponse>> GetOrderedAsync(OrderResponse order, CancellationToken cancellationToken)
    {
        var listing = await GetAsync(order.Ticket.Id, cancellationToken);
        return listing.Status != HttpStatusCode.NotFound
            ? listing
            : await caller.SendAsync<TicketResponse>("tickets", HttpMethod.Get, $"api/tickets/admissions/{order.Id}/ticket", cancellationToken);
    }

    public Task<ServiceAnswer<TicketResponse>> CreateAsync(JsonObject listing, CancellationToken cancellationToken) =>
        caller.SendAsync<TicketResponse>("tickets", HttpMethod.Post, "api/tickets", cancellationToken, listing);

    public Task<ServiceAnswer<TicketResponse>> UpdateAsync(Guid id, JsonObject listing, CancellationToken cancellationToken) =>
        caller.SendAsync<TicketResponse>("tickets", HttpMethod.Put, $"api/tickets/{id}", cancellationToken, listing);

    /// <summary>The tickets of a paid order of the visitor's, with their codes.</summary>
    public Task<ServiceAnswer<AdmissionResponse[]>> GetAdmissionsAsync(Guid orderId, CancellationToken cancellationToken) =>
        caller.SendAsync<AdmissionResponse[]>("tickets", HttpMethod.Get, $"api/tickets/admissions/{orderId}", cancellationToken);

    /// <summary>Lets the bearer of a code in, once; the same attempt again is told the same.</summary>
    public Task<ServiceAnswer<CheckInResponse>> CheckInAsync(
        Guid id, string? code, string? attempt, string? door, CancellationToken cancellationToken) =>
        caller.SendAsync<CheckInResponse>(
            "tickets", HttpMethod.Post, $"api/tickets/{id}/check-ins", cancellationToken, new { Code = code, Attempt = attempt, Door = door });

    /// <summary>Who is in.</summary>
    public Task<ServiceAnswer<CheckInsResponse>> GetCheckInsAsync(Guid id, CancellationToken cancellationToken) =>
        caller.SendAsync<CheckInsResponse>("tickets", HttpMethod.Get, $"api/tickets/{id}/check-ins", cancellationToken);

    public Task<ServiceAnswer<NoContent>> DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        caller.SendAsync<NoContent>("tickets", HttpMethod.Delete, $"api/tickets/{id}", cancellationToken);
}
