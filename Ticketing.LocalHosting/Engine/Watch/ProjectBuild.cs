using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ticketing.LocalHosting.Engine.Watch;

/// <summary>
/// Builds a project into a directory of its own: in place it would write over files that the running process has mapped.
/// </summary>
internal static class ProjectBuild
{
    /// <summary>The runtime lies in <c>DOTNET/shared/Microsoft.NETCore.App/VERSION/</c>.</summary>
    public static string DotnetHost { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    /// <returns>The errors; none if it was built.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(string project, string directory, CancellationToken cancellationToken)
    {
        // .../bin/CONFIGURATION/FRAMEWORK/
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;
        var start = new ProcessStartInfo(DotnetHost,
        [
            "build", project, "--configuration", configuration, "--no-restore", "--nologo", "--verbosity", "quiet",
            "-consoleLoggerParameters:NoSummary", $"-property:OutDir={directory}/",
            // Findings are for the real build; here it must be quick.
            "-property:RunAnalyzers=false", "-property:TreatWarningsAsErrors=false", "-property:WarningLevel=0",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // No compiler or build server stays behind.
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"]) = ("1", "false");
        using var build = Process.Start(start)!;
        try
        {
            var (output, errors) = (build.StandardOutput.ReadToEndAsync(cancellationToken), build.StandardError.ReadToEndAsync(cancellationToken));
            await build.WaitForExitAsync(cancellationToken);
            var lines = (await output + await errors).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return build.ExitCode == 0 ? [] : [.. lines.Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().DefaultIfEmpty("The build failed.")];
        }
        finally
        {
            if (!build.HasExited)
                build.Kill(entireProcessTree: true);
        }
    }
}
