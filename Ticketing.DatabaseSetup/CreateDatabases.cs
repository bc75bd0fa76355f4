using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Ticketing.LocalHosting.Servers;

namespace Ticketing.DatabaseSetup;

/// <summary>
/// Makes each service's database and the role that owns it, or brings them into this state: as often as one likes, also
/// while the services run. A server that is not up yet is waited for.
/// </summary>
internal sealed partial class CreateDatabases(
    IOptions<SetupOptions> options, IHostApplicationLifetime lifetime, ILogger<CreateDatabases> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var (name, password) in options.Value.Passwords)
        {
            while (!await TryCreateAsync(name, password, stoppingToken))
                await Task.Delay(RetryDelay, stoppingToken);
            LogReady(name);
        }
        if (!options.Value.KeepRunning)
            lifetime.StopApplication();
    }

    private async Task<bool> TryCreateAsync(string name, string password, CancellationToken cancellationToken)
    {
        try
        {
            await PostgresDatabases.CreateAsync(options.Value.Superuser, name, name, password, cancellationToken);
            if (options.Value.RuntimePasswords.TryGetValue(name, out var runtimePassword))
                await PostgresDatabases.CreateRuntimeRoleAsync(options.Value.Superuser, name, runtimePassword, cancellationToken);
            return true;
        }
        catch (NpgsqlException notYet) when (notYet.IsTransient)
        {
            LogWaiting(notYet.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "The database {Name} and its role are ready.")]
    private partial void LogReady(string name);

    [LoggerMessage(LogLevel.Warning, "PostgreSQL is not ready: {Reason}")]
    private partial void LogWaiting(string reason);
}
