using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>A metric that is renamed in the code must not fall silent in an alert or on a dashboard.</summary>
public sealed partial class DeployedMonitoringTests
{
    private static readonly string Deploy = Path.Combine(TestFiles.Root, "deploy");

    public static TheoryData<string> Files => ["prometheus/alerts.yaml", "grafana/ticketing.json"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_metric_of_ours_that_is_asked_for_is_there(string file)
    {
        var known = Instruments().SelectMany(InPrometheus).Concat(Labels()).ToHashSet();
        var asked = Asked().Matches(File.ReadAllText(Path.Combine(Deploy, file))).Select(match => match.Value).Distinct().ToList();

        asked.Count.ShouldBeGreaterThan(5);
        asked.ShouldBeSubsetOf(known);
    }

    [Fact]
    public void Every_metric_of_ours_is_explained()
    {
        var explained = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "observability.md"));
        foreach (var (name, _) in Instruments())
            (explained.Contains($"`{name}`", StringComparison.Ordinal) || explained.Contains($"`{name[name.LastIndexOf('.')..]}`", StringComparison.Ordinal))
                .ShouldBeTrue(name);
    }

    [Fact]
    public void The_dashboard_is_json() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Deploy, "grafana", "ticketing.json"))).RootElement.GetProperty("panels").GetArrayLength().ShouldBeGreaterThan(10);

    /// <summary>The instruments that the services' code creates, with their units.</summary>
    private static IEnumerable<(string Name, string Unit)> Instruments() => Code()
        .SelectMany(code => Instrument().Matches(code))
        .Select(match => (match.Groups["name"].Value, match.Groups["unit"].Value));

    /// <summary>What our measurements are told apart by.</summary>
    private static IEnumerable<string> Labels() => Code()
        .SelectMany(code => Label().Matches(code))
        .Select(match => match.Groups["name"].Value.Replace('.', '_'));

    private static IEnumerable<string> Code() =>
        Directory.EnumerateDirectories(TestFiles.Root, "Ticketing.*")
            .Where(project => Path.GetFileName(project) is not "Ticketing.Tests")
            .SelectMany(project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    /// <summary>The series that Prometheus makes of an instrument, of whichever kind it is.</summary>
    private static IEnumerable<string> InPrometheus((string Name, string Unit) instrument)
    {
        var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        return [name, $"{name}_total", $"{name}_bucket", $"{name}_count", $"{name}_sum"];
    }

    [GeneratedRegex("""Create\w+(?:<\w+>)?\(\s*"(?<name>ticketing\.[a-z._]+)",.*?"(?<unit>\{\w+\}|s)",""", RegexOptions.Singleline)]
    private static partial Regex Instrument();

    [GeneratedRegex("""(?:KeyValuePair<string, object\?>\(|new TagList \{ \{ )"(?<name>ticketing\.[a-z._]+)",""")]
    private static partial Regex Label();

    [GeneratedRegex(@"ticketing_[a-z_]+(?=[{\[\)\s])")]
    private static partial Regex Asked();
}
