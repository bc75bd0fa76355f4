using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Admissions;

/// <summary>A code at the door.</summary>
/// <param name="Code">What was scanned or typed; at most 1,000 characters.</param>
/// <example>{ "code": "7K3M-X9QH-2RTV" }</example>
internal sealed record CheckInRequest([property: Required] string? Code);

/// <summary>
/// The seller lets the bearer of a code in, once: the guards are in the statement, so that of two doors that scan the
/// same code one opens. Only the listing's seller may try codes, so nobody else can guess them. What is sold opens the door also
/// when the listing was withdrawn: an order may have crossed the withdrawal, or its seller's account is gone.
/// </summary>
internal static class CheckIn
{
    private const int MaxLength = 1000;

    private const string Statement =
        """
        WITH used AS (
            UPDATE admissions SET checked_in_at = @now
            WHERE code_hash = @hash
                AND ticket_id = @ticketId
                AND checked_in_at IS NULL
                AND EXISTS (SELECT FROM reservations r WHERE r.order_id = admissions.order_id AND r.state = 'sold')
            RETURNING order_id, number, code, checked_in_at
        ), counted AS (
            INSERT INTO check_in_totals AS total (ticket_id, checked_in)
            SELECT @ticketId, 1 FROM used
            ON CONFLICT (ticket_id) DO UPDATE SET checked_in = total.checked_in + 1
        )
        SELECT used.number, used.code, used.checked_in_at, r.quantity FROM used JOIN reservations r USING (order_id)
        """;

    private const string Present =
        """
        SELECT a.ticket_id, a.number, a.code, a.checked_in_at, r.state FROM admissions a JOIN reservations r USING (order_id)
        WHERE a.code_hash = @hash
        """;

    public static async Task<Results<Created<CheckInResponse>, ProblemHttpResult>> HandleAsync(
        string id,
        CheckInRequest request,
        ClaimsPrincipal user,
        AdmissionKeys keys,
        NpgsqlDataSource database,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var text = request.Code?.Trim() ?? "";
        errors.Require(text.Length is >= 1 and <= MaxLength, "code", $"Scan or type a ticket's code (1–{MaxLength:N0} characters).");
        if (!errors.None)
            return Problems.Validation(errors);
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var listing = await GetTicket.ReadEvenWithdrawnAsync(connection, ticketId, cancellationToken);
        if (listing is null)
            return Problems.NotFound("Ticket");
        if (listing.SellerId != user.UserId())
            return Problems.NotOwner();

        var (code, refusal) = await ReadAsync(text, ticketId, keys);
        if (code is null)
            return Refused(refusal!);
        var hash = AdmissionCode.Hash(code);
        while (true)
        {
            var used = await connection.QuerySingleOrDefaultAsync<Used>(new CommandDefinition(
                Statement, new { hash, ticketId, now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
            if (used is not null)
                return TypedResults.Created($"/api/tickets/{ticketId}/check-ins", used.ToResponse());

            var present = await connection.QuerySingleOrDefaultAsync<Admission>(
                new CommandDefinition(Present, new { hash }, cancellationToken: cancellationToken));
            if (Refuse(ticketId, present) is { } problem)
                return problem;
            // What stood in the way has gone between the two statements: a late payment completed the order.
        }
    }

    /// <summary>The short form of what was scanned or typed; a signed code is only as good as its signature.</summary>
    private static async Task<(string? Code, string? Refusal)> ReadAsync(string text, Guid ticketId, AdmissionKeys keys)
    {
        if (text.Contains('.'))
            return await AdmissionToken.ReadAsync(text, ticketId, keys);
        return AdmissionCode.TryParse(text, out var code) ? (code, null) : (null, CheckInRefusal.Malformed);
    }

    /// <summary>Why the ticket, as it is now, does not open this door; null if it would.</summary>
    private static ProblemHttpResult? Refuse(Guid ticketId, Admission? present) => present switch
    {
        null => Refused(CheckInRefusal.Unknown),
        _ when present.TicketId != ticketId => Refused(CheckInRefusal.Foreign),
        { State: not "sold" } => Refused(CheckInRefusal.Refunded),
        { CheckedInAt: { } at } => Refused(CheckInRefusal.Used, at),
        _ => null,
    };

    private static ProblemHttpResult Refused(string reason, DateTimeOffset? usedAt = null)
    {
        var problem = Problems.BadRequest(reason switch
        {
            CheckInRefusal.Malformed => "This is no ticket's code: a code has 12 letters and digits, or is what the QR code says.",
            CheckInRefusal.Forged => "This code was not signed by us.",
            CheckInRefusal.Unknown => "No ticket has this code.",
            CheckInRefusal.Foreign => "This ticket is for another event.",
            CheckInRefusal.Refunded => "This ticket was taken back: its order is not paid.",
            _ => string.Create(CultureInfo.InvariantCulture, $"Already used at {usedAt:yyyy-MM-dd HH:mm:ss} UTC."),
        });
        problem.ProblemDetails.Extensions["reason"] = reason;
        if (usedAt is { } at)
            problem.ProblemDetails.Extensions["checkedInAt"] = at;
        return problem;
    }

    private sealed record Admission
    {
        public required Guid TicketId { get; init; }

        public DateTimeOffset? CheckedInAt { get; init; }

        public required string State { get; init; }
    }
}
