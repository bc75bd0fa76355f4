using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;

namespace Ticketing.Benchmarks.Original;

/// <summary>
/// Reserving as the platform that this one replaces does it, as a peer to measure against: look up the ticket, look whether
/// it is reserved, insert the order, publish the event. Each is a step of its own, with no transaction, lock or outbox around
/// them, as in the original; a crash or another buyer can come between any two.
/// </summary>
/// <remarks>
/// What the original lacks is left out; what it has is as good as ours, so that the design is compared and not the
/// language: sessions are verified by the same code, statements are prepared, the pool is as large, and an event is durable and
/// confirmed before the answer. The original's listing is a single ticket; here it has as many as it says, and "is
/// reserved" is "as many as there are".
/// </remarks>
internal sealed class OriginalOrders : IAsyncDisposable
{
    public const string Queue = "original:order-created";

    private const string Tables =
        """
        CREATE TABLE tickets (id uuid PRIMARY KEY, title text NOT NULL, price bigint NOT NULL, quantity int NOT NULL, version int NOT NULL);
        CREATE TABLE orders (
            id uuid PRIMARY KEY, user_id uuid NOT NULL, ticket_id uuid NOT NULL, quantity int NOT NULL, status text NOT NULL,
            created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, version int NOT NULL);
        CREATE INDEX orders_ticket ON orders (ticket_id) INCLUDE (quantity) WHERE status <> 'cancelled';
        """;

    private static readonly TimeSpan Hold = TimeSpan.FromHours(1);

    private readonly WebApplication app;
    private readonly NpgsqlDataSource database;
    private readonly IConnection broker;
    private readonly IChannel channel;

    private OriginalOrders(WebApplication app, NpgsqlDataSource database, IConnection broker, IChannel channel)
    {
        (this.app, this.database, this.broker, this.channel) = (app, database, broker, channel);
        app.UseSessionAuthentication();
        app.MapPost("/api/orders", PlaceAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>Starts it on a free port of this machine.</summary>
    /// <param name="database">An empty database of its own.</param>
    /// <param name="broker">The broker's address.</param>
    /// <param name="configure">Says where the keys are that verify sessions.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<OriginalOrders> StartAsync(
        string database, Uri broker, Action<IHostApplicationBuilder> configure, CancellationToken cancellationToken)
    {
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = 32, MaxAutoPrepare = 50 });
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
            await connection.ExecuteAsync(Tables);
        var link = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        var channel = await link.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: new ThrottlingRateLimiter(512)),
            cancellationToken);
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(options => JsonConventions.Apply(options.SerializerOptions));
        configure(builder);
        builder.AddSessionAuthentication();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var orders = new OriginalOrders(app, source, link, channel);
        await app.StartAsync(cancellationToken);
        return orders;
    }

    public async Task ListAsync(Guid id, int quantity, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync("INSERT INTO tickets VALUES (@id, 'Concert', 1999, @quantity, 0)", new { id, quantity });
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => database.OpenConnectionAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await channel.DisposeAsync();
        await broker.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task<IResult> PlaceAsync(Request request, ClaimsPrincipal user, TimeProvider clock, CancellationToken cancellationToken)
    {
        var ticket = await FindTicketAsync(request.TicketId);
        if (ticket is null)
            return Results.NotFound(new { Errors = new[] { new { Message = "Not Found" } } });
        if (await ReservedAsync(request.TicketId) + request.Quantity > ticket.Quantity)
            return Results.BadRequest(new { Errors = new[] { new { Message = "Ticket is already reserved" } } });

        var now = clock.GetUtcNow();
        var order = new Order(
            Guid.CreateVersion7(now), user.UserId(), request.Quantity, "created", now.UtcDateTime, (now + Hold).UtcDateTime, 0, ticket);
        await SaveAsync(order);
        await channel.BasicPublishAsync(
            exchange: "", Queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent },
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(order, JsonConventions.Options), cancellationToken);
        return Results.Created($"/api/orders/{order.Id}", order);

        async Task<Ticket?> FindTicketAsync(Guid id)
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await connection.QuerySingleOrDefaultAsync<Ticket>("SELECT id, title, price, version, quantity FROM tickets WHERE id = @id", new { id });
        }

        async Task<long> ReservedAsync(Guid id)
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await connection.ExecuteScalarAsync<long>(
                "SELECT coalesce(sum(quantity), 0) FROM orders WHERE ticket_id = @id AND status <> 'cancelled'", new { id });
        }

        async Task SaveAsync(Order order)
        {
            await using var connection = await OpenAsync(cancellationToken);
            await connection.ExecuteAsync(
                "INSERT INTO orders VALUES (@Id, @UserId, @TicketId, @Quantity, @Status, @CreatedAt, @ExpiresAt, @Version)",
                new { order.Id, order.UserId, TicketId = order.Ticket.Id, order.Quantity, order.Status, order.CreatedAt, order.ExpiresAt, order.Version });
        }
    }

    private sealed record Request(Guid TicketId, int Quantity);

    private sealed record Ticket(Guid Id, string Title, long Price, int Version, int Quantity);

    private sealed record Order(
        Guid Id, Guid UserId, int Quantity, string Status, DateTime CreatedAt, DateTime ExpiresAt, int Version, Ticket Ticket);
}
