using System.Diagnostics;

namespace Ticketing.AppHost;

internal static class ServiceExtensions
{
    /// <summary>
    /// One of our services: HTTP on a free port, healthy when <c>/health</c> says so, as many replicas as
    /// <c>Parameters:NAME-replicas</c> (1).
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddService(
        this IDistributedApplicationBuilder builder, string name, string project) =>
        builder.AddProject(name, $"../Ticketing.{project}/Ticketing.{project}.csproj", launchProfileName: null)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            // A line for every request would be most of the log, and much of the work.
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning")
            .WithDraining()
            .WithReplicas(builder.Number($"{name}-replicas", 1));

    /// <summary>
    /// Where it is published, a load balancer takes some seconds to learn that a replica is being stopped; so long it serves on.
    /// </summary>
    private static IResourceBuilder<ProjectResource> WithDraining(this IResourceBuilder<ProjectResource> service) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode ? service.WithEnvironment("Shutdown__DrainSeconds", "10") : service;

    /// <summary>A generated secret that stays the same over runs.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

    /// <summary>A parameter that has a default; Aspire's own overload with a value never looks at configuration.</summary>
    public static IResourceBuilder<ParameterResource> AddSetting(
        this IDistributedApplicationBuilder builder, string name, string value) =>
        builder.AddParameter(name, builder.Setting(name, value), publishValueAsDefault: true);

    /// <summary>
    /// A parameter's value where the model needs it at once. Shells cannot export a name with <c>-</c>, so <c>_</c>
    /// will do.
    /// </summary>
    public static string Setting(this IDistributedApplicationBuilder builder, string name, string value)
    {
        foreach (var spelling in (string[])[name, name.Replace('-', '_')])
        {
            if (builder.Configuration[$"Parameters:{spelling}"] is { Length: > 0 } given)
                return given;
        }

        return value;
    }

    /// <summary>
    /// The scheme, host and port by which people reach the site: here the one given, where it is published a parameter
    /// that says so, e.g. <c>https://tickets.example</c>.
    /// </summary>
    public static ReferenceExpression PublicOrigin(this IDistributedApplicationBuilder builder, string here) =>
        builder.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create($"{here}")
            : ReferenceExpression.Create($"{builder.AddParameter("public-origin")}");

    /// <summary>A number from 1 to 65535; anything else ends the program with one line and exit code 1.</summary>
    public static int Number(this IDistributedApplicationBuilder builder, string name, int value)
    {
        var given = builder.Setting(name, $"{value}");
        if (int.TryParse(given, out var number) && number is >= 1 and <= ushort.MaxValue)
            return number;
        Console.Error.WriteLine($"Parameters__{name.Replace('-', '_')} is no number from 1 to {ushort.MaxValue}: {given}");
        Environment.Exit(1);
        throw new UnreachableException();
    }
}
