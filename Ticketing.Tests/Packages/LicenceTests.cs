using System.Text.Json.Nodes;
using System.Xml.Linq;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Packages;

/// <summary>Every NuGet package that is used, also through another one, has a licence that lets anybody use and ship it.</summary>
public sealed class LicenceTests
{
    private static readonly HashSet<string> Free =
        ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "Apache-2.0 OR MPL-2.0", "MPL-2.0", "0BSD", "MS-PL"];

    /// <summary>Packages that name a file instead; what it holds was read.</summary>
    private static readonly Dictionary<string, string> Read = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CommandLineParser"] = "MIT",
        ["Fractions"] = "BSD-2-Clause",
        ["Microsoft.DotNet.PlatformAbstractions"] = "MIT",
        ["Stripe.net"] = "Apache-2.0",
    };

    [Fact]
    public void Every_package_has_a_free_licence()
    {
        var packages = Used();

        packages.Count.ShouldBeGreaterThan(100);
        packages.Select(package => (package.Name, Licence: LicenceOf(package.Name, package.Version)))
            .Where(package => !Free.Contains(package.Licence)).ShouldBeEmpty();
    }

    [Fact]
    public void Another_licence_is_not_taken_for_one_of_these()
    {
        Free.ShouldNotContain(LicenceIn(XDocument.Parse("""<package><metadata><license type="expression">AGPL-3.0-only</license></metadata></package>"""), "Paid"));
        Free.ShouldNotContain(LicenceIn(XDocument.Parse("""<package><metadata><license type="file">LICENSE</license></metadata></package>"""), "Unread"));
        Free.ShouldNotContain(LicenceIn(XDocument.Parse("<package><metadata /></package>"), "Silent"));
    }

    /// <summary>What the lock files of all projects name.</summary>
    private static HashSet<(string Name, string Version)> Used() =>
    [
        .. from file in Directory.EnumerateFiles(TestFiles.Root, "packages.lock.json", SearchOption.AllDirectories)
           from framework in JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!.AsObject()
           from package in framework.Value!.AsObject()
           where package.Value!["type"]!.ToString() != "Project"
           select (package.Key, package.Value!["resolved"]!.ToString()),
    ];

    /// <summary>The SPDX expression of the package's manifest, <c>&lt;license type="expression"&gt;MIT&lt;/license&gt;</c>.</summary>
    private static string LicenceOf(string name, string version)
    {
        var folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var manifest = Path.Combine(folder, name.ToLowerInvariant(), version.ToLowerInvariant(), $"{name.ToLowerInvariant()}.nuspec");
        return LicenceIn(XDocument.Load(manifest), name);
    }

    private static string LicenceIn(XDocument manifest, string name)
    {
        var licence = manifest.Descendants().SingleOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "expression" ? licence.Value : Read.GetValueOrDefault(name, "none named");
    }
}
