using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Data;
using Ticketing.Tickets.Watches;

namespace Ticketing.Tickets;

/// <summary>What is left out stays as it is; null clears venue, start, description and waiting room.</summary>
/// <example>{ "price": 39.9, "venue": null, "version": 3 }</example>
internal sealed record UpdateTicketRequest
{
    /// <summary>1–200 characters.</summary>
    public Optional<string> Title { get; init; }

    /// <summary>Of one ticket: above 0, at most 1,000,000, with at most 2 decimals; a number or a numeric string.</summary>
    [DisallowNull]
    public Optional<decimal?> Price { get; init; }

    /// <summary>1–1,000,000, not below what is sold.</summary>
    [DisallowNull]
    public Optional<int?> Quantity { get; init; }

    /// <summary>ISO 4217 code in lower case.</summary>
    public Optional<string> Currency { get; init; }

    /// <summary>At most 200 characters.</summary>
    public Optional<string?> Venue { get; init; }

    /// <summary>In the future, unless it is what it was.</summary>
    public Optional<DateTimeOffset?> StartsAt { get; init; }

    /// <summary>At most 4,000 characters.</summary>
    public Optional<string?> Description { get; init; }

    /// <summary>1–60,000: more at once wait in line. May be changed while tickets are reserved.</summary>
    public Optional<int?> BuyersPerMinute { get; init; }

    /// <summary>1–1,000: how many one buyer may hold and have bought, together. May be changed while tickets are reserved.</summary>
    [DisallowNull]
    public Optional<int?> MaxPerBuyer { get; init; }

    /// <summary>The listing's version that the seller saw. If it was changed since, nothing is changed.</summary>
    public int? Version { get; init; }
}

/// <summary>
/// A seller changes a listing. Only the fields that were given are written, so that two edits at the same time both
/// count, one after the other; who says which version it is about learns of an edit that came in between instead of undoing it.
/// The guards are in the statement; why it refused is found out afterwards.
/// </summary>
/// <remarks>
/// The listing is locked first, in a statement of its own in the same transaction: the next one's snapshot then sees what
/// was committed meanwhile, above all the price that it changes from. Who waits for tickets is told by a last statement, and
/// only of a change that was made.
/// </remarks>
internal static class UpdateTicket
{
    private const string Statement =
        """
        SELECT id FROM tickets WHERE id = @id AND seller_id = @sellerId FOR NO KEY UPDATE;
        WITH before AS (
            SELECT id, price, currency FROM tickets WHERE id = @id
        ), changed AS (
            UPDATE tickets SET
                title = coalesce(@title, title),
                price = coalesce(@price, price),
                quantity = coalesce(@quantity, quantity),
                currency = coalesce(@currency, currency),
                venue = CASE WHEN @changesVenue THEN @venue ELSE venue END,
                starts_at = CASE WHEN @changesStart THEN @startsAt ELSE starts_at END,
                description = CASE WHEN @changesDescription THEN @description ELSE description END,
                buyers_per_minute = CASE WHEN @changesRoom THEN @buyersPerMinute ELSE buyers_per_minute END,
                max_per_buyer = coalesce(@maxPerBuyer, max_per_buyer),
                version = version + 1
            WHERE id = @id
                AND seller_id = @sellerId
                AND deleted_at IS NULL
                AND (@version IS NULL OR version = @version)
                AND (held = 0 OR @leavesReservationsAlone)
                AND (@quantity IS NULL OR @quantity >= sold)
                AND (@startsAt IS NULL OR @startsAt > @now OR @startsAt = starts_at)
            RETURNING tickets AS listing
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'TicketUpdated', ticket_event(listing), @traceParent FROM changed
        ), noted AS (
            INSERT INTO price_changes (ticket_id, version, changed_at, old_price, old_currency, price, currency)
            SELECT before.id, (listing).version, @now, before.price, before.currency, (listing).price, (listing).currency
            FROM before CROSS JOIN changed
            WHERE (before.price, before.currency) <> ((listing).price, (listing).currency)
        )
        SELECT (listing).* FROM changed
        """;

    public static async Task<Results<Ok<TicketResponse>, ProblemHttpResult>> HandleAsync(
        string id,
        UpdateTicketRequest request,
        ClaimsPrincipal user,
        NpgsqlDataSource database,
        Outbox outbox,
        AvailabilityPublisher availability,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var change = Validate(request, errors);
        if (!errors.None)
            return Problems.Validation(errors);
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");
        change = change with { Id = ticketId, SellerId = user.UserId(), Now = clock.GetUtcNow(), TraceParent = Outbox.TraceParent };

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        while (true)
        {
            var changed = await ChangeAsync(connection, change, clock, cancellationToken);
            if (changed is not null)
            {
                outbox.Wake();
                availability.Changed([ticketId]);
                return TypedResults.Ok(changed.ToResponse());
            }

            var present = await GetTicket.ReadAsync(connection, ticketId, cancellationToken);
            if (Refuse(change, present) is { } refusal)
                return refusal;
            // What stood in the way has gone between the two statements.
        }
    }

    private static async Task<Listing?> ChangeAsync(
        NpgsqlConnection connection, Change change, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        Listing? changed;
        await using (var results = await connection.QueryMultipleAsync(
            new CommandDefinition(Statement, change, transaction, cancellationToken: cancellationToken)))
        {
            await results.ReadAsync();
            changed = await results.ReadSingleOrDefaultAsync<Listing>();
        }
        if (changed is null)
            return null;
        // There may be tickets again.
        await using var tell = new NpgsqlBatch(connection, transaction) { BatchCommands = { TellWatchers.Command([change.Id], clock) } };
        await tell.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    private static Change Validate(UpdateTicketRequest request, ValidationErrors errors) => new()
    {
        Title = request.Title.IsGiven ? TicketFields.Title(request.Title.Value, errors) : null,
        Price = request.Price.IsGiven ? TicketFields.Price(request.Price.Value, errors) : null,
        Quantity = request.Quantity.IsGiven ? TicketFields.Quantity(request.Quantity.Value, errors) : null,
        Currency = request.Currency.IsGiven ? TicketFields.Currency(request.Currency.Value, errors) : null,
        Venue = TicketFields.Venue(request.Venue.Value, errors),
        ChangesVenue = request.Venue.IsGiven,
        StartsAt = TicketFields.StartsAt(request.StartsAt.Value, errors),
        ChangesStart = request.StartsAt.IsGiven,
        Description = TicketFields.Description(request.Description.Value, errors),
        ChangesDescription = request.Description.IsGiven,
        BuyersPerMinute = TicketFields.BuyersPerMinute(request.BuyersPerMinute.Value, errors),
        ChangesRoom = request.BuyersPerMinute.IsGiven,
        MaxPerBuyer = request.MaxPerBuyer.IsGiven ? TicketFields.MaxPerBuyer(request.MaxPerBuyer.Value, errors) : null,
        Version = request.Version,
        LeavesReservationsAlone = (request.BuyersPerMinute.IsGiven || request.MaxPerBuyer.IsGiven) && request == new UpdateTicketRequest
        {
            BuyersPerMinute = request.BuyersPerMinute, MaxPerBuyer = request.MaxPerBuyer, Version = request.Version,
        },
    };

    /// <summary>Why the listing, as it is now, does not take this change; null if it would.</summary>
    internal static ProblemHttpResult? Refuse(Change change, Listing? present)
    {
        // A time that was all right once may stay; a new one in the past is as wrong as any other bad field.
        if (change.StartsAt <= change.Now && change.StartsAt != present?.StartsAt)
        {
            var errors = new ValidationErrors();
            TicketFields.AddInThePast(errors);
            return Problems.Validation(errors);
        }

        return present switch
        {
            null => Problems.NotFound("Ticket"),
            _ when present.SellerId != change.SellerId => Problems.NotOwner(),
            _ when (change.Version ?? present.Version) != present.Version => Changed(present.Version),
            { Held: > 0 } when !change.LeavesReservationsAlone => Problems.BadRequest("Some of these tickets are reserved right now. A reservation lasts a minute, and up to two more while the buyer pays: try again then."),
            _ when change.Quantity < present.Sold => Problems.BadRequest($"{present.Sold} of these tickets are sold; the quantity cannot be less."),
            _ => null,
        };
    }

    private static ProblemHttpResult Changed(int currentVersion)
    {
        var problem = Problems.BadRequest("This listing was changed since you saw it. Nothing was changed now: look at it again.");
        problem.ProblemDetails.Extensions["currentVersion"] = currentVersion;
        return problem;
    }

    /// <summary>The statement's parameters; what is null stays as it is, unless it says that it changes.</summary>
    internal sealed record Change
    {
        public Guid Id { get; init; }

        public Guid SellerId { get; init; }

        public string? Title { get; init; }

        public long? Price { get; init; }

        public int? Quantity { get; init; }

        public string? Currency { get; init; }

        public string? Venue { get; init; }

        public bool ChangesVenue { get; init; }

        public DateTimeOffset? StartsAt { get; init; }

        public bool ChangesStart { get; init; }

        public string? Description { get; init; }

        public bool ChangesDescription { get; init; }

        public int? BuyersPerMinute { get; init; }

        public bool ChangesRoom { get; init; }

        public int? MaxPerBuyer { get; init; }

        /// <summary>The version that it is about; null for whatever there is.</summary>
        public int? Version { get; init; }

        /// <summary>Then it is made in the middle of a sale too.</summary>
        public bool LeavesReservationsAlone { get; init; }

        public DateTimeOffset Now { get; init; }

        public string? TraceParent { get; init; }
    }
}
