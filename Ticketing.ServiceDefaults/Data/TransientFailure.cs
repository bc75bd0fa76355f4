using System.Net.Sockets;
using MassTransit;
using Npgsql;
using StackExchange.Redis;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Tells failures that pass by themselves (a server is away, restarts, or two transactions got in each other's way)
/// from those that will fail the same way every time.
/// </summary>
public static class TransientFailure
{
    // It reads its files, fails over, moves slots between nodes, or waits for memory, disk or a long script.
    private static readonly string[] RedisRecovers =
        ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "OOM", "MISCONF", "BUSY"];

    /// <summary>Whether trying again later can help.</summary>
    /// <param name="exception">What happened.</param>
    public static bool Is(Exception exception) => exception switch
    {
        // IsTransient knows connection failures, deadlocks, serialization failures and restarts; 55P03 is a lock
        // that was not had in time, 57014 a statement that took too long.
        PostgresException { SqlState: "55P03" or "57014" } => true,
        NpgsqlException { IsTransient: true } => true,
        RedisConnectionException or RedisTimeoutException => true,
        RedisServerException { Message: { } message } =>
            RedisRecovers.Any(error => message.StartsWith(error, StringComparison.Ordinal)),
        RabbitMqConnectionException or MessageNotAcknowledgedException => true,
        RabbitMQ.Client.Exceptions.BrokerUnreachableException or RabbitMQ.Client.Exceptions.AlreadyClosedException => true,
        HttpRequestException or SocketException or TimeoutException or IOException => true,
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
