using System.Globalization;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Dapper;
using Npgsql;
using StackExchange.Redis;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>How late holds end, beside many others that are not due yet; and a great many that end in the same second.</summary>
internal static class ExpiryCommand
{
    private const int Sample = 2_000;
    private const int Burst = 20_000;
    private const int Listings = 40;

    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(8);

    private static readonly Option<int[]> Pending = new("--pending")
    {
        Description = "How many others, with commas: one measurement for each number",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = Numbers,
        DefaultValueFactory = _ => [100_000, 1_000_000],
    };

    public static Command Create() =>
        new Command("expiry", "How late holds end beside a great many others, and 20,000 in the same second") { Pending }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var report = new Report(
            "expiry", "holds pending", "lag p50, ms", "lag p99, ms", "20,000 in one second: all orderable again after, s", "and told to everybody after, s");
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        using var redis = await bench.Platform.ConnectRedisAsync();
        await using var orders = await bench.Platform.Database("orders").OpenConnectionAsync(cancellationToken);
        await orders.ExecuteAsync(
            """
            CREATE TABLE ended (lag double precision NOT NULL);
            CREATE FUNCTION note_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                INSERT INTO ended SELECT extract(epoch FROM clock_timestamp() - expires_at) * 1000 FROM changed WHERE status = 'cancelled';
                RETURN NULL;
            END $$;
            CREATE TRIGGER note_end AFTER UPDATE ON orders REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_end();
            """);
        var pending = 0;
        foreach (var wanted in options.GetValue(Pending)!)
        {
            await HoldAsync(orders, redis, wanted - pending, TimeSpan.FromHours(2), TimeSpan.FromHours(1), cancellationToken);
            await orders.ExecuteAsync("ANALYZE orders; CHECKPOINT", commandTimeout: 60);
            pending = wanted;
            await HoldAsync(orders, redis, Sample, Lead, Spread, cancellationToken);
            var lags = await EndedAsync(orders, Sample, cancellationToken);
            await HoldAsync(orders, redis, Burst, Lead, TimeSpan.Zero, cancellationToken);
            var burst = await EndedAsync(orders, Burst, cancellationToken);
            var ended = Stopwatch.GetTimestamp();
            await bench.SettledAsync(cancellationToken);
            report.Add(
                Report.Number(pending), Report.Number(Report.Percentile(lags, 0.5)), Report.Number(Report.Percentile(lags, 0.99)),
                Report.Number(burst.Max() / 1000), Report.Number((burst.Max() / 1000) + Stopwatch.GetElapsedTime(ended).TotalSeconds));
        }
        report.Note($"Lag: from a hold's end to the moment in which its tickets are free in Orders, over {Sample:#,0} holds whose ends are spread over {Spread.TotalSeconds} s.");
        report.Publish();
    }

    private static int[]? Numbers(ArgumentResult argument)
    {
        var numbers = argument.Tokens[0].Value.Split(',');
        if (numbers.All(number => int.TryParse(number, CultureInfo.InvariantCulture, out _)))
            return [.. numbers.Select(int.Parse)];
        argument.AddError("--pending wants numbers, e.g. 100000,1000000.");
        return null;
    }

    /// <summary>Orders that end after so long, with their clocks, as Orders and Expiration would have them.</summary>
    private static async Task HoldAsync(
        NpgsqlConnection orders, ConnectionMultiplexer redis, int count, TimeSpan after, TimeSpan spread, CancellationToken cancellationToken)
    {
        var held = (await orders.QueryAsync<(Guid Id, DateTime End)>(new CommandDefinition(
            """
            WITH listing AS (
                INSERT INTO listings (id, title, price, currency, quantity, available, version)
                SELECT gen_random_uuid(), 'Concert', 1999, 'usd', 1000000000, 1000000000 - @count, 0 FROM generate_series(1, @Listings)
                RETURNING id
            ), numbered AS (
                SELECT id, row_number() OVER () - 1 AS number FROM listing
            )
            INSERT INTO orders (
                id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version,
                status, created_at, hold_ends_at, expires_at)
            SELECT
                gen_random_uuid(), gen_random_uuid(), numbered.id, 1, 1999, 'usd', 'Concert', 1999, 0,
                'created', now(), due, due
            FROM generate_series(1, @count) AS hold
            CROSS JOIN LATERAL (SELECT date_trunc('milliseconds', now() + @after + random() * (hold / hold) * @spread) AS due) AS ends
            JOIN numbered ON numbered.number = hold % @Listings
            RETURNING id, expires_at
            """,
            new { count, Listings, after, spread }, commandTimeout: 120, cancellationToken: cancellationToken))).AsList();
        var database = redis.GetDatabase();
        foreach (var chunk in held.Chunk(1_000))
        {
            var due = database.SortedSetAddAsync(
                "{expiration}:due", [.. chunk.Select(hold => new SortedSetEntry(hold.Id.ToString(), new DateTimeOffset(hold.End).ToUnixTimeMilliseconds()))]);
            await database.HashSetAsync("{expiration}:versions", [.. chunk.Select(hold => new HashEntry(hold.Id.ToString(), 0))]);
            await due;
        }
    }

    /// <summary>Waits until so many have ended, and gives how late each was, in milliseconds.</summary>
    private static async Task<IReadOnlyList<double>> EndedAsync(NpgsqlConnection orders, int count, CancellationToken cancellationToken)
    {
        while (await orders.ExecuteScalarAsync<long>("SELECT count(*) FROM ended") < count)
            await Task.Delay(100, cancellationToken);
        return (await orders.QueryAsync<double>("DELETE FROM ended RETURNING lag")).AsList();
    }
}
