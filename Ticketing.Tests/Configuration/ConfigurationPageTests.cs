using System.Reflection;
using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Configuration;

/// <summary><c>docs/configuration.md</c> names every setting that the code reads, and no other.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly string[] Services =
        ["ApiDefaults", "Auth", "Data", "Expiration", "Messaging", "Orders", "Payments", "ServiceDefaults", "StripeSandbox", "Tickets", "Web"];

    /// <summary>Read by ASP.NET Core, by OpenTelemetry, or under a name that is put together.</summary>
    private static readonly string[] Others =
    [
        "ASPNETCORE_URLS", "HTTP_PORTS", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_TRACES_SAMPLER", "Logging__LogLevel__CATEGORY", "Logging__LogLevel__Microsoft.AspNetCore=Warning",
        "ConnectionStrings__rabbitmq", "services__auth__http__0", "services__orders__http__0",
        "services__tickets__http__0", "services__payments__http__0", "services__expiration__http__0",
    ];

    [Fact]
    public void It_names_every_setting_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "configuration.md"));
        var named = page.Split('\n').Where(line => line.StartsWith('|')).SelectMany(line => Name().Matches(line)).Select(match => match.Groups[1].Value)
            .Where(name => name.Contains('_') && !name.StartsWith("__", StringComparison.Ordinal) && name != "_").ToHashSet();

        string[] read = [.. OfOptions(), .. InSource(), .. Others];

        read.Except(named).ShouldBeEmpty("the code reads them");
        named.Except(read).ShouldBeEmpty("the page names them");
    }

    /// <summary>The properties of every class with a section's name in a constant.</summary>
    private static IEnumerable<string> OfOptions()
    {
        foreach (var service in Services)
        {
            var assembly = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, $"Ticketing.{service}.dll"));
            foreach (var type in assembly.GetTypes())
            {
                if (type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is not { IsLiteral: true } field
                    || field.GetRawConstantValue() is not string section || !type.Name.EndsWith("Options", StringComparison.Ordinal))
                    continue;
                foreach (var property in type.GetProperties().Where(property => property.CanWrite))
                    yield return $"{section}__{property.Name}";
            }
        }
    }

    /// <summary>Those that are read by their name.</summary>
    private static IEnumerable<string> InSource()
    {
        var files = Services.SelectMany(service => Directory.EnumerateFiles(Path.Combine(TestFiles.Root, $"Ticketing.{service}"), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/"));
        foreach (Match match in files.SelectMany(file => Read().Matches(File.ReadAllText(file))))
        {
            yield return match.Groups["key"].Value switch
            {
                "" => $"ConnectionStrings__{match.Groups["connection"].Value}",
                "FORWARDEDHEADERS_ENABLED" => "ASPNETCORE_FORWARDEDHEADERS_ENABLED",
                "ForwardedHeaders:KnownNetworks" => "ForwardedHeaders__KnownNetworks__0",
                var key => key.Replace(":", "__", StringComparison.Ordinal),
            };
        }
    }

    [GeneratedRegex("`([^` ]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("\"(?<key>[A-Z][a-z][A-Za-z]+:[A-Z][A-Za-z]+|OTEL_[A-Z_]+|[A-Z]+_ENABLED)\"|Add(Database|Redis)\\(\"(?<connection>[a-z-]+)\"")]
    private static partial Regex Read();
}
