using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Sales;

/// <summary>The seller's books line by line, newest day first: what an export is made of.</summary>
internal static class ListSalesEntries
{
    private const int MaxLimit = 1_000;
    private const string DayFormat = "yyyy-MM-dd";

    private const string Statement =
        """
        SELECT sales.day::timestamp AS day, sales.ticket_id, tickets.title, sales.currency, sales.tickets, sales.amount
        FROM sales JOIN tickets ON tickets.id = sales.ticket_id
        WHERE sales.seller_id = @seller AND sales.day BETWEEN @from::date AND @through::date AND sales.tickets > 0
            AND (sales.seller_id, sales.day, sales.ticket_id, sales.currency)
                < (@seller, @Day::date, @TicketId, @Currency)
        ORDER BY sales.seller_id DESC, sales.day DESC, sales.ticket_id DESC, sales.currency DESC
        LIMIT @size + 1
        """;

    public static async Task<Results<Ok<IReadOnlyList<SalesEntry>>, ProblemHttpResult>> HandleAsync(
        [SchemaType(typeof(int), Default = SalesPeriod.Default), Range(1, SalesPeriod.Max)] string? days,
        [SchemaType(typeof(int), Default = MaxLimit), Range(1, MaxLimit)] string? limit,
        string? cursor,
        ClaimsPrincipal user,
        HttpContext context,
        NpgsqlDataSource database,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var period = SalesPeriod.Parse(days, clock, errors);
        var size = Paging.ParseLimit(limit, MaxLimit, MaxLimit, errors);
        var before = Position.Parse(cursor, period, errors);
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            Statement,
            new
            {
                seller = user.UserId(),
                from = period.From.ToDateTime(TimeOnly.MinValue),
                through = period.Through.ToDateTime(TimeOnly.MinValue),
                Day = before.Day.ToDateTime(TimeOnly.MinValue),
                before.TicketId,
                before.Currency,
                size,
            },
            cancellationToken: cancellationToken))).AsList();
        Paging.EndPage(context, rows, size, row => row.Position.ToString(), ("days", days), ("limit", limit));
        return TypedResults.Ok<IReadOnlyList<SalesEntry>>([.. rows.Select(row => row.ToEntry())]);
    }

    /// <summary>A line's place in the order. As a cursor it is <c>2026-01-31 ID CURRENCY</c> in base64url.</summary>
    private sealed record Position(DateOnly Day, Guid TicketId, string Currency)
    {
        public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Day.ToString(DayFormat, CultureInfo.InvariantCulture)} {TicketId:D} {Currency}")));

        public static Position Parse(string? cursor, SalesPeriod period, ValidationErrors errors)
        {
            // Before the day after the last one is before everything that there is.
            var all = new Position(period.Through.AddDays(1), Guid.Empty, "");
            if (cursor is null)
                return all;
            if (Base64Url.IsValid(cursor)
                && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ') is [var dayText, var idText, { Length: 3 } currency]
                && DateOnly.TryParseExact(dayText, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                && Guid.TryParseExact(idText, "D", out var id)
                && currency.All(char.IsAsciiLetterLower))
                return new(day, id, currency);
            errors.Add("cursor", Paging.ForeignCursor);
            return all;
        }
    }

    private sealed record Row(DateTime Day, Guid TicketId, string Title, string Currency, long Tickets, long Amount)
    {
        public Position Position => new(DateOnly.FromDateTime(Day), TicketId, Currency);

        public SalesEntry ToEntry() =>
            new(DateOnly.FromDateTime(Day), TicketId, Title, Currency, Tickets, Money.FromMinorUnits(Amount));
    }
}
