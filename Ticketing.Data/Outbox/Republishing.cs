using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Data;

/// <summary>
/// The command that tells a service's whole present state again, for a consumer that is new or was restored from a
/// backup. Versions make it harmless to those that know it all.
/// </summary>
public static partial class Republishing
{
    private const int PageSize = 500;

    /// <summary>How long a page may wait to be relayed before it is taken that no relay runs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Adds the command that puts the state of everything that this service owns into its outbox. The relay of the running service publishes it.</summary>
    /// <param name="service">The service.</param>
    /// <param name="page">
    /// A statement that inserts the events of up to <c>@size</c> things with an id above <c>@after</c> into the outbox,
    /// in the order of their ids, and returns these ids in that order.
    /// </param>
    public static ServiceCommand WithRepublish(this ServiceCommand service, string page) => service.With(
        new("--republish", "Publishes the state of everything that this service owns again, for consumers that are new or were restored"),
        (app, _, _) => RepublishAsync(app, page));

    internal static async Task<int> RepublishAsync(WebApplication app, string page)
    {
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        await using var connection = await database.OpenConnectionAsync();
        var (after, total, relays) = (Guid.Empty, 0, true);
        while (true)
        {
            var ids = (await connection.QueryAsync<Guid>(page, new { after, size = PageSize })).AsList();
            if (ids.Count == 0)
                break;
            (after, total) = (ids[^1], total + ids.Count);
            // What happens meanwhile queues up behind these rows, so they are let go by the page. Without a relay there is
            // nobody to hold up.
            relays = relays && await IsRelayedAsync(connection, clock);
        }
        LogDone(app.Logger, total);
        return 0;
    }

    private static async Task<bool> IsRelayedAsync(NpgsqlConnection connection, TimeProvider clock)
    {
        var last = await connection.ExecuteScalarAsync<long?>("SELECT max(seq) FROM outbox");
        for (var waited = TimeSpan.Zero; waited < Patience; waited += PollInterval)
        {
            if (!await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM outbox WHERE seq <= @last AND attempts = 0)", new { last }))
                return true;
            await Task.Delay(PollInterval, clock);
        }
        return false;
    }

    [LoggerMessage(LogLevel.Information, "The state of {Count} things is in the outbox; the running service publishes it")]
    private static partial void LogDone(ILogger logger, int count);
}
