using System.Globalization;
using Microsoft.Extensions.Configuration;
using Ticketing.AppHost.LocalServers;

namespace Ticketing.AppHost;

/// <summary>What can be set from outside: <c>Parameters__NAME=value ./run.sh</c>, or <c>--Parameters:NAME=value</c>.</summary>
internal static class Settings
{
    private static readonly string[] OwnVariables = ["Parameters__", "ConnectionStrings__", "AppHost__", "ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"];

    /// <summary>A parameter that has a default; Aspire's own overload with a value never looks at configuration.</summary>
    public static IResourceBuilder<ParameterResource> AddSetting(
        this IDistributedApplicationBuilder builder, string name, string value) =>
        builder.AddParameter(name, builder.Setting(name, value), publishValueAsDefault: true);

    /// <summary>A generated secret that stays the same over runs: it is kept in the data directory, beside what it opens.</summary>
    /// <remarks>Not in Aspire's user secrets: those belong to a user, and one user may have several data directories.</remarks>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode)
            return builder.AddParameter(name, new GenerateParameterDefault { MinLength = SecretFile.Length, Special = false }, secret: true);
        var data = DataDirectory.PathOf(builder);
        return builder.AddParameter(
            name, () => builder.Setting(name, "") is { Length: > 0 } given ? given : SecretFile.GetOrCreate(DataDirectory.SecretPath(data, name)), secret: true);
    }

    /// <summary>
    /// A parameter's value where the model needs it at once. Shells cannot export a name with <c>-</c>, so <c>_</c> is accepted too.
    /// </summary>
    public static string Setting(this IDistributedApplicationBuilder builder, string name, string value) =>
        Find(builder.Configuration, "Parameters", name) ?? value;

    /// <summary>The connection string of a server or database of one's own, or null.</summary>
    public static string? GivenConnectionString(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsRunMode ? Find(builder.Configuration, "ConnectionStrings", name) : null;

    /// <summary>A server or database of one's own, or null: one that was given, or one that whoever deploys the platform is asked for.</summary>
    public static IResourceBuilder<IResourceWithConnectionString>? OwnConnectionString(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.UsesManagedServers())
            return builder.AddConnectionString(name);
        return builder.GivenConnectionString(name) is { } given ? builder.AddConnectionString(name, ReferenceExpression.Create($"{given}")) : null;
    }

    /// <summary>A whole number from 1 to 65535.</summary>
    /// <exception cref="DistributedApplicationException">It is something else.</exception>
    public static int Number(this IDistributedApplicationBuilder builder, string name, int value)
    {
        var given = builder.Setting(name, value.ToString(CultureInfo.InvariantCulture));
        return int.TryParse(given, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= ushort.MaxValue
            ? number
            : throw new DistributedApplicationException($"Parameters__{name.Replace('-', '_')} is not a whole number from 1 to {ushort.MaxValue}: {given}");
    }

    /// <summary>
    /// The scheme, host and port by which people reach the site: here the one given, where it is published a parameter
    /// that says so, e.g. <c>https://tickets.example</c>.
    /// </summary>
    public static ReferenceExpression PublicOrigin(this IDistributedApplicationBuilder builder, string here) =>
        builder.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create($"{here}")
            : ReferenceExpression.Create($"{builder.AddParameter("public-origin")}");

    /// <summary>
    /// Takes the AppHost's own settings out of its environment, which the orchestrator hands to every process that it starts:
    /// a service gets what the model gives it, and no secret of another. The configuration has read them already.
    /// </summary>
    public static void KeepFromServices()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().ToList())
        {
            if (Array.Exists(OwnVariables, own => name.StartsWith(own, StringComparison.OrdinalIgnoreCase)))
                Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static string? Find(ConfigurationManager configuration, string section, string name) =>
        ((string[])[name, name.Replace('-', '_')])
            .Select(spelling => configuration[$"{section}:{spelling}"])
            .FirstOrDefault(value => !string.IsNullOrEmpty(value));
}
