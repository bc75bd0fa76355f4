using System.Diagnostics;
using Shouldly;
using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Engine;
using Ticketing.LocalHosting.Engine.Watch;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.LocalHosting;

public sealed class SourceWatchTests : IDisposable
{
    private static readonly TimeSpan ForABuild = TimeSpan.FromMinutes(3);

    private readonly string sources = Directory.CreateTempSubdirectory("ticketing-watch-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(sources, recursive: true);

    [Fact]
    public async Task Only_what_has_changed_is_built_and_started_again_and_what_cannot_be_built_leaves_all_as_it_was()
    {
        using var application = new TestApplication();
        var shared = await ProjectAsync("Shared", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""", Words("one"));
        var hello = await ServiceAsync(application, "Hello", """<ItemGroup><ProjectReference Include="..\Shared\Shared.csproj" /></ItemGroup>""", "Words.Text");
        var other = await ServiceAsync(application, "Other", "", "\"other\"");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var data = DataDirectory.Open(application.Data);
        var log = new ConsoleLog(TextWriter.Null);
        using var runner = new ApplicationRunner(application.Model, data, log);
        using var watch = new SourceWatch(runner, data.PathOf("builds"), log);
        var running = Task.WhenAll(runner.RunAsync(stop.Token), watch.RunAsync(stop.Token));
        using var client = new HttpClient();
        await Eventually.HoldsAsync(async () => await SaysAsync(client, hello) == "one" && await SaysAsync(client, other) == "other", "both answer", ForABuild);
        var untouched = ProcessOf(runner, other);

        // What it refers to is its source too.
        await File.WriteAllTextAsync(shared, Words("two"), Cancellation);
        await Eventually.HoldsAsync(async () => await SaysAsync(client, hello) == "two", "the change is there", ForABuild);

        var good = ProcessOf(runner, hello);
        await File.WriteAllTextAsync(shared, "what is this?", Cancellation);
        await Eventually.HoldsAsync(() => Task.FromResult(Said("Not built")), "the error is shown", ForABuild);
        Said("error CS").ShouldBeTrue();
        (await SaysAsync(client, hello)).ShouldBe("two");
        (ProcessOf(runner, hello), ProcessOf(runner, other)).ShouldBe((good, untouched));

        await File.WriteAllTextAsync(shared, Words("three"), Cancellation);
        await Eventually.HoldsAsync(async () => await SaysAsync(client, hello) == "three", "it is mended", ForABuild);
        ProcessOf(runner, other).ShouldBe(untouched);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);

        bool Said(string words) => log.History.After(0, hello.Name).Any(line => line.Text.Contains(words, StringComparison.Ordinal));
    }

    private static string Words(string text) => $"public static class Words {{ public const string Text = \"{text}\"; }}";

    private static int? ProcessOf(ApplicationRunner runner, ProjectResource project) =>
        runner.Instances.Single(instance => instance.Resource == project).ProcessId;

    private static async Task<string?> SaysAsync(HttpClient client, ProjectResource project)
    {
        try
        {
            return project.Endpoints().Single().Allocated is [var (host, port), ..]
                ? await client.GetStringAsync(new Uri($"http://{host}:{port}/"), Cancellation)
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<ProjectResource> ServiceAsync(TestApplication application, string name, string references, string text)
    {
        await ProjectAsync(
            name, $"""<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>{references}</Project>""",
            $"var app = WebApplication.Create(args); app.MapGet(\"/\", () => {text}); app.Run();");
        var project = application.Builder.AddProject(name, Path.Combine(sources, name, $"{name}.csproj"), launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/").Resource;
        project.Output = Path.Combine(sources, name, "built");
        using var restore = Process.Start(new ProcessStartInfo("dotnet", ["restore", project.ProjectPath, "-v", "q"]) { RedirectStandardOutput = true })!;
        await restore.WaitForExitAsync(Cancellation);
        (await ProjectBuild.RunAsync(project.ProjectPath, project.Output, Cancellation)).ShouldBeEmpty();
        return project;
    }

    private async Task<string> ProjectAsync(string name, string project, string source)
    {
        var directory = Directory.CreateDirectory(Path.Combine(sources, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, $"{name}.csproj"), project, Cancellation);
        var file = Path.Combine(directory, $"{name}.cs");
        await File.WriteAllTextAsync(file, source, Cancellation);
        return file;
    }
}
