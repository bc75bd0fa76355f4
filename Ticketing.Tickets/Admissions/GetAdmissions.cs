using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Admissions;

/// <summary>
/// A buyer looks at the tickets of a paid order. Their codes are made at the first look, not while the order is paid:
/// on the morning of a sale nobody has time for them. Of looks at the same time one makes them, and all show the same.
/// </summary>
internal static class GetAdmissions
{
    private const string SelectOrder =
        "SELECT order_id, ticket_id, user_id, quantity, state FROM reservations WHERE order_id = @orderId";

    private const string Select =
        "SELECT number, code, checked_in_at FROM admissions WHERE order_id = @OrderId ORDER BY number";

    private const string Insert =
        """
        INSERT INTO admissions (order_id, number, ticket_id, code, code_hash)
        SELECT @OrderId, number, @TicketId, code, code_hash
        FROM unnest(@codes, @hashes) WITH ORDINALITY AS made (code, code_hash, number)
        ON CONFLICT (order_id, number) DO NOTHING
        """;

    public static async Task<Results<Ok<AdmissionResponse[]>, ProblemHttpResult>> HandleAsync(
        string orderId,
        ClaimsPrincipal user,
        AdmissionKeys keys,
        NpgsqlDataSource database,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(orderId, "D", out var id))
            return Problems.NotFound("Order");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var order = await connection.QuerySingleOrDefaultAsync<Order>(
            new CommandDefinition(SelectOrder, new { orderId = id }, cancellationToken: cancellationToken));
        if (Refuse(user.UserId(), order) is { } refusal)
            return refusal;

        var admissions = await ReadAsync(connection, order!, cancellationToken);
        if (admissions.Count < order!.Quantity)
        {
            await MakeAsync(connection, order, cancellationToken);
            admissions = await ReadAsync(connection, order, cancellationToken);
        }
        // They are as good as money.
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(admissions.Select(admission => new AdmissionResponse(
            admission.Number,
            order.Quantity,
            AdmissionCode.Display(admission.Code),
            AdmissionToken.Write(keys.Current, admission.Code, order.TicketId, admission.Number),
            admission.CheckedInAt)).ToArray());
    }

    /// <summary>Why this user gets no codes of the order; null if they do.</summary>
    private static ProblemHttpResult? Refuse(Guid userId, Order? order) => order switch
    {
        null or { UserId: null } => Problems.NotFound("Order"),
        _ when order.UserId != userId => Problems.NotOwner(),
        { State: "held" } => Problems.BadRequest("This order is not paid yet; its tickets come when it is."),
        { State: "freed" } => Problems.BadRequest("This order was cancelled; it has no tickets."),
        _ => null,
    };

    private static async Task<IReadOnlyList<Admission>> ReadAsync(
        NpgsqlConnection connection, Order order, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<Admission>(
            new CommandDefinition(Select, new { order.OrderId }, cancellationToken: cancellationToken))).AsList();

    private static async Task MakeAsync(NpgsqlConnection connection, Order order, CancellationToken cancellationToken)
    {
        var codes = Enumerable.Range(0, order.Quantity).Select(_ => AdmissionCode.Create()).ToArray();
        var hashes = codes.Select(AdmissionCode.Hash).ToArray();
        await connection.ExecuteAsync(new CommandDefinition(
            Insert, new { order.OrderId, order.TicketId, codes, hashes }, cancellationToken: cancellationToken));
    }

    private sealed record Order
    {
        public required Guid OrderId { get; init; }

        public required Guid TicketId { get; init; }

        public Guid? UserId { get; init; }

        public required int Quantity { get; init; }

        public required string State { get; init; }
    }

    private sealed record Admission
    {
        public required int Number { get; init; }

        public required string Code { get; init; }

        public DateTimeOffset? CheckedInAt { get; init; }
    }
}
