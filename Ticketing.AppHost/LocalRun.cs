using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.AppHost.Watch;

namespace Ticketing.AppHost;

/// <summary>How the platform runs on a developer's machine.</summary>
internal static partial class LocalRun
{
    /// <summary>What is wrong with settings or machine is one message, not a stack trace. Where a test hosts the AppHost, it gets the exception.</summary>
    public static void ExplainFailures() => AppDomain.CurrentDomain.UnhandledException += (_, failure) =>
    {
        if (Assembly.GetEntryAssembly() != typeof(LocalRun).Assembly
            || ((Exception)failure.ExceptionObject).GetBaseException() is not DistributedApplicationException explained)
            return;
        Console.Error.WriteLine(explained.Message);
        Environment.Exit(1);
    };

    /// <summary>The dashboard over plain HTTP at a fixed port, on this machine only; data that belong to this AppHost; a stop that waits for its end.</summary>
    public static void RunLocally(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
            return;

        Settings.KeepFromServices();
        builder.Configuration["ASPNETCORE_URLS"] = $"http://localhost:{builder.Number("dashboard-port", 18888)}";
        builder.Configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        // Nothing is reported to anybody.
        builder.Configuration["ASPIRE_VERSION_CHECK_DISABLED"] = "true";
        builder.Configuration["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true";
        // Without it the command would return while processes are still ending.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";

        // What a service waits for may be dead for the moment; it is started again, and so is the service.
        builder.Services.Configure<ResourceNotificationServiceOptions>(options => options.DefaultWaitBehavior = WaitBehavior.WaitOnResourceUnavailable);

        var path = DataDirectory.PathOf(builder);
        SourceWatch.Add(builder);
        builder.Services.AddSingleton(_ => DataDirectory.Open(path));
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            start.Services.GetRequiredService<DataDirectory>();
            // With these, scripts read telemetry from the dashboard and other programs send theirs. Aspire makes new ones at each
            // start where a user has no secrets for the AppHost.
            builder.Configuration["AppHost:DashboardApiKey"] = SecretFile.GetOrCreate(DataDirectory.SecretPath(path, "dashboard-api-key"));
            builder.Configuration["AppHost:OtlpApiKey"] = SecretFile.GetOrCreate(DataDirectory.SecretPath(path, "otlp-api-key"));
            return Task.CompletedTask;
        });
    }

    /// <summary>Says where people find the site: on the dashboard by name, and in the log once it is up.</summary>
    public static IResourceBuilder<ProjectResource> SaysWhereItIs(this IResourceBuilder<ProjectResource> web) => web
        .WithUrlForEndpoint("http", url => url.DisplayText = "Site")
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "API documents" })
        .OnResourceReady(async (_, ready, cancellationToken) => LogUp(
            ready.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Ticketing.AppHost"), await web.GetEndpoint("http").GetValueAsync(cancellationToken)));

    [LoggerMessage(LogLevel.Information, "The site is up: {Site}")]
    private static partial void LogUp(ILogger logger, string? site);
}
