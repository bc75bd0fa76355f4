using System.Reflection;
using Dapper;
using HealthChecks.NpgSql;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Data;

/// <summary>Gives a service its database.</summary>
public static class DatabaseExtensions
{
    /// <summary>Whether the service migrates its database when it starts (<c>true</c>), or waits until that was done.</summary>
    private const string MigrateAtStart = "Migrations:AtStart";

    /// <summary>
    /// Adds the command that migrates the service's database and ends, also where the service does not do so by itself.
    /// It needs nothing but the connection string, of the role that owns the database.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="connectionName">The key under <c>ConnectionStrings</c>.</param>
    /// <param name="scripts">The assembly with the service's migrations.</param>
    public static ServiceCommand WithMigrations(this ServiceCommand service, string connectionName, Assembly scripts) => service.With(
        new("--migrate", "Brings the database up to date and ends; needs only the connection string of the role that owns it"),
        async (app, _, cancellationToken) =>
        {
            await app.Services.GetRequiredService<Migrator>().RunAsync(cancellationToken);
            return 0;
        },
        settings =>
        {
            var builder = WebApplication.CreateBuilder(settings);
            builder.AddServiceDefaults();
            builder.AddDatabase(connectionName, scripts);
            return builder.Build();
        });

    /// <summary>
    /// Adds a singleton <see cref="NpgsqlDataSource"/> for the connection string of this name, runs the service's migrations before
    /// anything else starts, and reports the database's health.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">The key under <c>ConnectionStrings</c>.</param>
    /// <param name="scripts">The assembly with the service's migrations.</param>
    /// <exception cref="SettingException">The connection string is missing or wrong.</exception>
    public static IHostApplicationBuilder AddDatabase(this IHostApplicationBuilder builder, string connectionName, Assembly scripts)
    {
        var connectionString = builder.Configuration.GetConnectionString(connectionName, text => new NpgsqlConnectionStringBuilder(text)).ConnectionString;

        // It would log every statement.
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new DateTimeOffsetHandler());

        builder.AddNpgsqlDataSource(
            connectionName,
            settings =>
            {
                settings.ConnectionString = connectionString;
                settings.DisableHealthChecks = true;
                settings.DisableTracing = settings.DisableMetrics = !builder.Configuration.IsTelemetryExported();
            },
            source => SetDefaults(source.ConnectionStringBuilder, builder.Environment.ApplicationName));
        builder.Services.AddSingleton<Removal>();
        var atStart = builder.Configuration.GetValue(MigrateAtStart, true);
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<Migrator>(services, Migration.Of(scripts), atStart));
        builder.Services.AddHostedService(services => services.GetRequiredService<Migrator>());
        builder.Services.AddHealthChecks().AddServer("database", "The database", HealthStatus.Unhealthy, services => new NpgSqlHealthCheck(
            new NpgSqlHealthCheckOptions(services.GetRequiredService<NpgsqlDataSource>())
            {
                CommandText = "SHOW transaction_read_only",
                HealthCheckResultBuilder = readOnly => readOnly is "off"
                    ? HealthCheckResult.Healthy()
                    : HealthCheckResult.Unhealthy("The database takes no writes: it is a standby, or set to read only."),
            }));
        return builder;
    }

    internal static void SetDefaults(NpgsqlConnectionStringBuilder settings, string application)
    {
        settings.ApplicationName ??= application;
        // A statement that hangs must not hang its caller for the default 30 s.
        if (!settings.ShouldSerialize("Command Timeout"))
            settings.CommandTimeout = (int)TimeLimits.Statement.TotalSeconds;
        // Who waits for a row that others keep locked is told so, before the statement's time is up. A statement is planned once for
        // each connection: PostgreSQL may otherwise find it cheaper to plan it anew each time, which takes longer than to do it.
        if (!settings.ShouldSerialize("Options"))
            settings.Options = $"-c lock_timeout={(int)TimeLimits.Lock.TotalMilliseconds} -c plan_cache_mode=force_generic_plan";
        if (!settings.ShouldSerialize("Timeout"))
            settings.Timeout = (int)TimeLimits.DatabaseConnect.TotalSeconds;
        // Prepared statements save the planner's work on the hot paths; they are per connection and bounded.
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 50;
        // Nearly every statement comes again.
        if (!settings.ShouldSerialize("Auto Prepare Min Usages"))
            settings.AutoPrepareMinUsages = 2;
        // What a connection is set to for a moment ends with its transaction, so there is nothing to reset; it would be six
        // statements each time that a connection is taken from the pool. An open transaction is rolled back in any case.
        if (!settings.ShouldSerialize("No Reset On Close"))
            settings.NoResetOnClose = true;
        // Npgsql's default of 100 lets three busy processes use up the server, which then refuses everybody's
        // connections. Two replicas of four services fit into its 300; more connections than these do no more work.
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = 32;
    }
}
