using System.Text.Json;
using Dapper;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using StackExchange.Redis;
using Ticketing.Contracts;

namespace Ticketing.Reliability;

/// <summary>Reads every store of a running platform.</summary>
internal sealed class SnapshotReader(Platform platform)
{
    /// <summary>MassTransit's names for what it could not handle, and for what nobody was there to handle.</summary>
    private static readonly string[] Suffixes = ["", "_error", "_skipped"];

    static SnapshotReader() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public async Task<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await using var auth = await platform.Database("auth").OpenConnectionAsync(cancellationToken);
        await using var orders = await platform.Database("orders").OpenConnectionAsync(cancellationToken);
        await using var tickets = await platform.Database("tickets").OpenConnectionAsync(cancellationToken);
        await using var payments = await platform.Database("payments").OpenConnectionAsync(cancellationToken);
        return new Snapshot
        {
            At = await orders.ExecuteScalarAsync<DateTime>("SELECT now()"),
            Outboxes = new Dictionary<string, long>
            {
                ["auth"] = await CountOutboxAsync(auth),
                ["orders"] = await CountOutboxAsync(orders),
                ["tickets"] = await CountOutboxAsync(tickets),
                ["payments"] = await CountOutboxAsync(payments),
            },
            Queues = await CountMessagesAsync(cancellationToken),
            Stock = await ReadAsync<Stock>(orders, stock => stock.Id,
                "SELECT id, price, quantity, available, version, deleted FROM listings"),
            Orders = await ReadAsync<OrderFact>(orders, order => order.Id,
                """
                SELECT id, user_id, ticket_id, quantity, amount, status, reason, expires_at, payment_intent_id, version
                FROM orders
                """),
            Listings = await ReadAsync<ListingFact>(tickets, listing => listing.Id,
                """
                SELECT id, seller_id, price, quantity, held, sold, version, deleted_at IS NOT NULL AS deleted
                FROM tickets
                """),
            Reservations = await ReadAsync<ReservationFact>(tickets, reservation => reservation.OrderId,
                "SELECT order_id, ticket_id, quantity, state FROM reservations"),
            Books = await ReadAsync<BooksFact>(tickets, books => books.TicketId,
                """
                SELECT ticket_id, sum(tickets)::bigint AS tickets, sum(amount)::bigint AS amount
                FROM sales GROUP BY ticket_id HAVING (sum(tickets), sum(amount)) <> (0, 0)
                """),
            Untold = await tickets.ExecuteScalarAsync<long>(
                """
                SELECT count(*) FROM watches JOIN tickets ON tickets.id = watches.ticket_id
                WHERE tickets.offered AND coalesce(tickets.starts_at, 'infinity') > now()
                """),
            Payables = await ReadAsync<PayableFact>(payments, order => order.Id, "SELECT id, status, amount, version FROM orders"),
            Payments = await ReadAsync<PaymentFact>(payments, payment => payment.OrderId,
                "SELECT id, order_id, user_id, amount, status FROM payments"),
            Intents = await ReadBooksAsync(cancellationToken),
            Clocks = await ReadClocksAsync(),
        };
    }

    private static async Task<IReadOnlyDictionary<Guid, T>> ReadAsync<T>(NpgsqlConnection connection, Func<T, Guid> key, string sql) =>
        (await connection.QueryAsync<T>(sql)).ToDictionary(key);

    private static Task<long> CountOutboxAsync(NpgsqlConnection connection) =>
        connection.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox");

    private async Task<IReadOnlyList<IntentFact>> ReadBooksAsync(CancellationToken cancellationToken)
    {
        using var books = JsonDocument.Parse(await platform.Stripe.GetStringAsync("/sandbox/books", cancellationToken));
        var refunds = books.RootElement.GetProperty("charges").EnumerateArray()
            .ToLookup(charge => charge.GetProperty("payment_intent").GetString(), charge => charge.GetProperty("amount_refunded").GetInt64());
        var intents = books.RootElement.GetProperty("payment_intents");
        var kept = books.RootElement.GetProperty("kept_payments").GetInt32();
        if (intents.GetArrayLength() >= kept)
        {
            throw new InvalidOperationException(
                $"The sandbox keeps its last {kept} payments only, so older orders cannot be judged: start the platform with a larger Sandbox__KeptPayments.");
        }
        return [.. intents.EnumerateArray().Select(intent =>
        {
            var id = intent.GetProperty("id").GetString()!;
            var order = intent.GetProperty("metadata").TryGetProperty("order_id", out var named) ? named.GetString() : null;
            return new IntentFact(
                id, Guid.TryParse(order, out var orderId) ? orderId : null, intent.GetProperty("status").GetString()!,
                intent.GetProperty("amount").GetInt64(), intent.GetProperty("amount_received").GetInt64(), refunds[id].Sum());
        })];
    }

    /// <summary>How many messages wait in each durable queue, error queues included.</summary>
    public async Task<IReadOnlyDictionary<string, uint>> CountMessagesAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, uint>();
        await using var connection = await new ConnectionFactory { Uri = platform.Broker }.CreateConnectionAsync(cancellationToken);
        foreach (var queue in Topology.Queues.SelectMany(queue => Suffixes.Select(suffix => queue.Name + suffix)))
        {
            // A channel for each: asking for a queue that is not there closes it.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                counts[queue] = (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
            }
            catch (OperationInterruptedException absent) when (absent.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                counts[queue] = 0;
            }
        }
        return counts;
    }

    private async Task<IReadOnlyList<Guid>> ReadClocksAsync()
    {
        using var redis = await platform.ConnectRedisAsync();
        return [.. (await redis.GetDatabase().SortedSetRangeByRankAsync("{expiration}:due")).Select(id => Guid.Parse((string)id!))];
    }
}
