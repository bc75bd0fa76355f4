using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Sales;

/// <summary>What the seller sold in the last days, and what is held and available now.</summary>
internal static class GetSales
{
    private const string Statement =
        """
        SELECT day::timestamp AS day, currency, sum(tickets)::bigint AS tickets, sum(amount)::bigint AS amount
        FROM sales WHERE seller_id = @seller AND day BETWEEN @from::date AND @through::date
        GROUP BY day, currency HAVING sum(tickets) > 0
        ORDER BY day, currency;

        SELECT currency, sum(tickets)::bigint AS tickets, sum(amount)::bigint AS amount
        FROM sales WHERE seller_id = @seller AND day >= @previous::date AND day < @from::date
        GROUP BY currency HAVING sum(tickets) > 0
        ORDER BY currency;

        SELECT coalesce(sum(held), 0)::bigint, coalesce(sum(greatest(quantity - held - sold, 0)), 0)::bigint
        FROM (
            SELECT held, sold, quantity FROM tickets
            WHERE seller_id = @seller AND deleted_at IS NULL
            ORDER BY id DESC LIMIT 10000) AS newest
        """;

    public static async Task<Results<Ok<SalesResponse>, ProblemHttpResult>> HandleAsync(
        [SchemaType(typeof(int), Default = SalesPeriod.Default), Range(1, SalesPeriod.Max)] string? days,
        ClaimsPrincipal user,
        NpgsqlDataSource database,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var period = SalesPeriod.Parse(days, clock, errors);
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            Statement,
            new
            {
                seller = user.UserId(),
                from = period.From.ToDateTime(TimeOnly.MinValue),
                through = period.Through.ToDateTime(TimeOnly.MinValue),
                previous = period.From.AddDays(-period.Days).ToDateTime(TimeOnly.MinValue),
            },
            cancellationToken: cancellationToken));
        var byDay = (await results.ReadAsync<(DateTime Day, string Currency, long Tickets, long Amount)>()).AsList();
        var before = await results.ReadAsync<(string Currency, long Tickets, long Amount)>();
        var (held, available) = await results.ReadSingleAsync<(long, long)>();

        return TypedResults.Ok(new SalesResponse(
            period.From,
            period.Through,
            [.. byDay.GroupBy(sale => sale.Currency).OrderBy(sales => sales.Key, StringComparer.Ordinal).Select(sales => new SalesTotal(
                sales.Key, sales.Sum(sale => sale.Tickets), Money.FromMinorUnits(sales.Sum(sale => sale.Amount))))],
            [.. before.Select(sale => new SalesTotal(sale.Currency, sale.Tickets, Money.FromMinorUnits(sale.Amount)))],
            [.. byDay.Select(sale => new SalesOfDay(
                DateOnly.FromDateTime(sale.Day), sale.Currency, sale.Tickets, Money.FromMinorUnits(sale.Amount)))],
            held,
            available));
    }
}
