using System.Diagnostics;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Deployment;

/// <summary>What is deployed: the files under <c>deploy</c>, and the manifest that the AppHost publishes.</summary>
internal static class DeployFolder
{
    /// <summary>The full path of a file or directory under <c>deploy</c>.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([TestFiles.Root, "deploy", .. parts]);

    /// <summary>Asks the AppHost for something to publish, as azd does.</summary>
    public static Task<(int ExitCode, string Output)> PublishAsync(params string[] arguments) =>
        RunAsync("dotnet", [TestFiles.BuiltProgram("Ticketing.AppHost"), .. arguments]);

    /// <summary>The manifest that azd would get, written into a directory to which its paths are relative.</summary>
    public static async Task<JsonObject> ManifestAsync(string directory, params string[] settings)
    {
        var (exitCode, output) = await PublishAsync(["--publisher", "manifest", "--output-path", directory, .. settings]);
        exitCode.ShouldBe(0, output);
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "aspire-manifest.json"), TestContext.Current.CancellationToken))!.AsObject();
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ticketing-deployment-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
