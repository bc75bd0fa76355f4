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
/// <param name="Attempt">A name of the client's for this scan, the same whenever its answer is asked for again and never used for another
/// one, such as a UUID: 1–100 visible ASCII characters.</param>
/// <param name="Door">Which door or device it is, at most 40 characters: told when the ticket is used a second time.</param>
/// <example>{ "code": "7K3M-X9QH-2RTV", "attempt": "0198b1d2-7c4e-7d0a-9a31-5f3b8c2e6d10", "door": "North entrance" }</example>
internal sealed record CheckInRequest([property: Required] string? Code, string? Attempt = null, string? Door = null);

/// <summary>
/// The seller lets the bearer of a code in, once: the guards are in the statement, so that of two doors that scan the
/// same code one opens. Only the listing's seller may try codes, so nobody else can guess them. A client that did not get its
/// answer asks again with the same <c>attempt</c> and is told the same success: otherwise it would send away whom it let in.
/// What is sold opens the door also when the listing was withdrawn: an order may have crossed the withdrawal, or its seller's
/// account is gone.
/// </summary>
internal static class CheckIn
{
    private const int MaxLength = 1000;
    private const int MaxAttempt = 100;
    private const int MaxDoor = 40;

    private const string Statement =
        """
        WITH used AS (
            UPDATE admissions SET checked_in_at = @now, checked_in_attempt = @attempt, checked_in_door = @door
            WHERE code_hash = @hash
                AND ticket_id = @ticketId
                AND checked_in_at IS NULL
                AND EXISTS (SELECT FROM reservations r WHERE r.order_id = admissions.order_id AND r.state = 'sold')
            RETURNING order_id, number, code, checked_in_at, checked_in_door
        ), counted AS (
            INSERT INTO check_in_totals AS total (ticket_id, checked_in)
            SELECT @ticketId, 1 FROM used
            ON CONFLICT (ticket_id) DO UPDATE SET checked_in = total.checked_in + 1
        )
        SELECT used.number, used.code, used.checked_in_at, used.checked_in_door, r.quantity FROM used JOIN reservations r USING (order_id)
        """;

    private const string Present =
        """
        SELECT a.ticket_id, a.number, a.code, a.checked_in_at, a.checked_in_door, a.checked_in_attempt, r.quantity, r.state
        FROM admissions a JOIN reservations r USING (order_id)
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
        var attempt = request.Attempt;
        errors.Require(
            attempt is null || (attempt.Length is >= 1 and <= MaxAttempt && attempt.All(character => character is > ' ' and <= '~')),
            "attempt", $"An attempt's name has 1–{MaxAttempt} visible ASCII characters.");
        var door = request.Door?.Trim() is { Length: > 0 } said ? said : null;
        errors.Require(
            door is null || (door.Length <= MaxDoor && !door.Any(char.IsControl)), "door", $"A door's name has at most {MaxDoor} characters.");
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
                Statement, new { hash, ticketId, attempt, door, now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
            if (used is not null)
                return In(ticketId, used);

            var present = await connection.QuerySingleOrDefaultAsync<Admission>(
                new CommandDefinition(Present, new { hash }, cancellationToken: cancellationToken));
            if (Refuse(ticketId, present, attempt, clock.GetUtcNow()) is { } problem)
                return problem;
            if (present is { CheckedInAt: { } at })
                return In(ticketId, present.ToUsed(at));
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

    private static Created<CheckInResponse> In(Guid ticketId, Used used) =>
        TypedResults.Created($"/api/tickets/{ticketId}/check-ins", used.ToResponse());

    /// <summary>Why the ticket, as it is now, does not open this door; null if it would, or if this attempt has opened it.</summary>
    private static ProblemHttpResult? Refuse(Guid ticketId, Admission? present, string? attempt, DateTimeOffset now) => present switch
    {
        null => Refused(CheckInRefusal.Unknown),
        _ when present.TicketId != ticketId => Refused(CheckInRefusal.Foreign),
        { State: not "sold" } => Refused(CheckInRefusal.Refunded),
        { CheckedInAt: { } at } when attempt is null || present.CheckedInAttempt != attempt =>
            Refused(CheckInRefusal.Used, new(at, Math.Max(0, (long)(now - at).TotalSeconds), present.CheckedInDoor)),
        _ => null,
    };

    private static ProblemHttpResult Refused(string reason, Use? first = null)
    {
        var problem = Problems.BadRequest(reason switch
        {
            CheckInRefusal.Malformed => "This is no ticket's code: a code has 12 letters and digits, or is all that the QR code says.",
            CheckInRefusal.Forged => "This code was not signed by us.",
            CheckInRefusal.Unknown => "No ticket has this code.",
            CheckInRefusal.Foreign => "This ticket is for another event.",
            CheckInRefusal.Refunded => "This ticket was taken back: its order is not paid.",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"Already used at {first!.At:yyyy-MM-dd HH:mm:ss} UTC, {first.SecondsAgo} s ago{(first.Door is null ? "" : $", at: {first.Door}")}."),
        });
        var extensions = problem.ProblemDetails.Extensions;
        extensions["reason"] = reason;
        if (first is not null)
        {
            extensions["checkedInAt"] = first.At;
            // A scanner's own clock may be wrong by hours.
            extensions["secondsAgo"] = first.SecondsAgo;
            if (first.Door is not null)
                extensions["door"] = first.Door;
        }
        return problem;
    }

    /// <summary>The first use of a ticket that comes again.</summary>
    private sealed record Use(DateTimeOffset At, long SecondsAgo, string? Door);

    private sealed record Admission
    {
        public required Guid TicketId { get; init; }

        public required int Number { get; init; }

        public required int Quantity { get; init; }

        public required string Code { get; init; }

        public DateTimeOffset? CheckedInAt { get; init; }

        public string? CheckedInDoor { get; init; }

        public string? CheckedInAttempt { get; init; }

        public required string State { get; init; }

        public Used ToUsed(DateTimeOffset at) =>
            new() { Number = Number, Quantity = Quantity, Code = Code, CheckedInAt = at, CheckedInDoor = CheckedInDoor };
    }
}
