using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Payments;

/// <summary>The user's own payments, newest first, a page at a time.</summary>
internal static class ListPayments
{
    private const int MaxLimit = 100;

    public static async Task<Results<Ok<IReadOnlyList<PaymentResponse>>, ProblemHttpResult>> Handle(
        [SchemaType(typeof(int), Default = MaxLimit), Range(1, MaxLimit)] string? limit,
        string? cursor,
        ClaimsPrincipal user,
        HttpContext context,
        NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var size = Paging.ParseLimit(limit, MaxLimit, MaxLimit, errors);
        var before = Paging.ParseCursor(cursor, errors);
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var payments = (await connection.QueryAsync<Row>(new CommandDefinition(
            // Ids are UUIDv7, so their order is that of time. One row more tells whether there is a next page.
            """
            SELECT id, order_id, status, amount, currency FROM payments
            WHERE user_id = @userId AND id < @before
            ORDER BY id DESC LIMIT @size + 1
            """,
            new { userId = user.UserId(), before, size }, cancellationToken: cancellationToken))).AsList();
        Paging.EndPage(context, payments, size, payment => Paging.Cursor(payment.Id), ("limit", limit));
        return TypedResults.Ok<IReadOnlyList<PaymentResponse>>([.. payments.Select(payment => payment.ToResponse())]);
    }

    private sealed record Row(Guid Id, Guid OrderId, string Status, long Amount, string Currency)
    {
        public PaymentResponse ToResponse() => new(Id, OrderId, Status, Money.FromMinorUnits(Amount), Currency);
    }
}
