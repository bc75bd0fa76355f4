using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Data;

namespace Ticketing.Tickets;

/// <summary>A new listing.</summary>
/// <param name="Title">1–200 characters.</param>
/// <param name="Price">Of one ticket: above 0, at most 1,000,000, with at most 2 decimals; a number or a numeric string.</param>
/// <param name="Quantity">1–1,000,000; 1 unless given.</param>
/// <param name="Currency">ISO 4217 code in lower case; <c>usd</c> unless given.</param>
/// <param name="Venue">At most 200 characters.</param>
/// <param name="StartsAt">In the future.</param>
/// <param name="Description">At most 4,000 characters.</param>
/// <param name="BuyersPerMinute">1–60,000: more at once wait in line. No waiting room unless given.</param>
/// <param name="MaxPerBuyer">1–1,000: how many one buyer may hold and have bought, together; 10 unless given.</param>
/// <example>{ "title": "Hamlet", "price": 42.5, "quantity": 100, "venue": "Globe Theatre, London", "startsAt": "2030-06-21T19:30:00Z" }</example>
internal sealed record CreateTicketRequest(
    [property: Required] string? Title,
    [property: Required] decimal? Price,
    int? Quantity = null,
    string? Currency = null,
    string? Venue = null,
    DateTimeOffset? StartsAt = null,
    string? Description = null,
    int? BuyersPerMinute = null,
    int? MaxPerBuyer = null);

/// <summary>A seller lists tickets.</summary>
/// <remarks>
/// The lock is shared by those who list and taken alone by <see cref="WithdrawFormerSeller"/>, so that a listing is either
/// committed when the seller's listings are looked for, or is refused. It is had in a statement of its own: the next one's
/// snapshot sees what was committed meanwhile.
/// </remarks>
internal static class CreateTicket
{
    private const string Statement =
        """
        SELECT 1 FROM pg_advisory_xact_lock_shared(2, hashtext(@sellerId::text));
        WITH created AS (
            INSERT INTO tickets (
                id, seller_id, title, price, currency, quantity, venue, starts_at, description, created_at,
                buyers_per_minute, max_per_buyer)
            SELECT
                @id, @sellerId, @title, @price, @currency, @quantity, @venue, @startsAt, @description, @now,
                @buyersPerMinute, @maxPerBuyer
            WHERE NOT EXISTS (SELECT FROM former_sellers WHERE id = @sellerId)
            RETURNING tickets AS listing
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'TicketCreated', ticket_event(listing), @traceParent FROM created
        )
        SELECT (listing).* FROM created
        """;

    public static async Task<Results<Created<TicketResponse>, ProblemHttpResult>> HandleAsync(
        CreateTicketRequest request,
        ClaimsPrincipal user,
        NpgsqlDataSource database,
        Outbox outbox,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var errors = new ValidationErrors();
        var listing = new
        {
            id = Guid.CreateVersion7(now),
            sellerId = user.UserId(),
            title = TicketFields.Title(request.Title, errors),
            price = TicketFields.Price(request.Price, errors),
            currency = TicketFields.Currency(request.Currency ?? TicketFields.DefaultCurrency, errors),
            quantity = TicketFields.Quantity(request.Quantity ?? 1, errors),
            venue = TicketFields.Venue(request.Venue, errors),
            startsAt = TicketFields.StartsAt(request.StartsAt, errors),
            description = TicketFields.Description(request.Description, errors),
            buyersPerMinute = TicketFields.BuyersPerMinute(request.BuyersPerMinute, errors),
            maxPerBuyer = TicketFields.MaxPerBuyer(request.MaxPerBuyer ?? ListingState.DefaultMaxPerBuyer, errors),
            now,
            Outbox.TraceParent,
        };
        if (listing.startsAt <= now)
            TicketFields.AddInThePast(errors);
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(
            new CommandDefinition(Statement, listing, cancellationToken: cancellationToken));
        await results.ReadAsync();
        var created = await results.ReadSingleOrDefaultAsync<Listing>();
        // The access token of a deleted account is good for some minutes more.
        if (created is null)
            return Problems.Unauthorized();
        outbox.Wake();
        return TypedResults.Created($"/api/tickets/{created.Id}", created.ToResponse());
    }
}
