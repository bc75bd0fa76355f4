using System.Data.Common;
using System.Net.Sockets;
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

    private const string LockNotAvailable = "55P03";

    // A lock that was not had in time; a statement that took too long; a server that has just become, or is still, a
    // standby; and logins that are refused: a password or a database is being changed, and no request or message is to
    // blame for that.
    private static readonly string[] DatabaseRecovers = [LockNotAvailable, "57014", "25006", "28", "3D000"];

    /// <summary>Whether others kept a row for too long, so that nothing was done.</summary>
    public static bool IsLockTimeout(Exception exception) => exception switch
    {
        DbException { SqlState: LockNotAvailable } => true,
        { InnerException: { } inner } => IsLockTimeout(inner),
        _ => false,
    };

    /// <summary>Whether trying again later can help.</summary>
    /// <param name="exception">What happened.</param>
    public static bool Is(Exception exception) => exception switch
    {
        // IsTransient knows connection failures, deadlocks, serialization failures and restarts.
        DbException { SqlState: { } state } when DatabaseRecovers.Any(code => state.StartsWith(code, StringComparison.Ordinal)) => true,
        DbException { IsTransient: true } => true,
        RedisConnectionException or RedisTimeoutException => true,
        RedisServerException { Message: { } message } =>
            RedisRecovers.Any(error => message.StartsWith(error, StringComparison.Ordinal)),
        HttpRequestException or SocketException or TimeoutException or IOException => true,
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
