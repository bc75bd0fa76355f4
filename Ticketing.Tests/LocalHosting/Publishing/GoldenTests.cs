using Shouldly;
using Xunit;

namespace Ticketing.Tests.LocalHosting.Publishing;

/// <summary>
/// What is deployed changes only where somebody meant it to: every published file equals the one in <c>Golden</c>. They are
/// made anew, to be looked at in the diff, by
/// <c>RENEW_GOLDEN=1 ./test.sh -class Ticketing.Tests.LocalHosting.Publishing.GoldenTests</c>.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Golden = Path.Combine(TestApplication.Root, "Ticketing.Tests", "LocalHosting", "Publishing", "Golden");

    [Theory]
    [InlineData("manifest")]
    [InlineData("docker-compose")]
    [InlineData("kubernetes")]
    public async Task Published_files_are_as_they_were(string publisher)
    {
        // Paths to the projects are relative, so it is always the same place.
        var published = Path.Combine(AppContext.BaseDirectory, "published", publisher);
        if (Directory.Exists(published))
            Directory.Delete(published, recursive: true);
        var (exitCode, output) = await PublishedAppHost.PublishAsync("--publisher", publisher, "--output-path", published);
        exitCode.ShouldBe(0, output);

        var golden = Path.Combine(Golden, publisher);
        if (Environment.GetEnvironmentVariable("RENEW_GOLDEN") == "1")
        {
            if (Directory.Exists(golden))
                Directory.Delete(golden, recursive: true);
            foreach (var file in FilesIn(published))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(golden, Kept(file)))!);
                File.Copy(Path.Combine(published, file), Path.Combine(golden, Kept(file)));
            }
        }

        FilesIn(published).Select(Kept).ShouldBe(FilesIn(golden), ignoreOrder: true);
        foreach (var file in FilesIn(published))
        {
            (await File.ReadAllTextAsync(Path.Combine(published, file), TestContext.Current.CancellationToken))
                .ShouldBe(await File.ReadAllTextAsync(Path.Combine(golden, Kept(file)), TestContext.Current.CancellationToken), Path.Combine(publisher, file));
        }
    }

    private static IEnumerable<string> FilesIn(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(directory, file));

    /// <summary>Under its own name Git would obey it.</summary>
    private static string Kept(string file) => file.Replace(".gitignore", "gitignore", StringComparison.Ordinal);
}
