using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Ticketing.AppHost.LocalServers;

/// <summary>Where the servers come from.</summary>
internal static class ServerMode
{
    private static readonly TimeSpan RuntimePatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether servers run in containers: always where it is published, else as <c>Parameters:servers</c> says
    /// (<c>containers</c> or <c>binaries</c>), else (<c>auto</c>) where a container runtime answers.
    /// </summary>
    public static bool UsesContainers(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode || builder.Setting("servers", "auto") switch
        {
            "containers" => true,
            "auto" when Choice(builder).RuntimeAnswers => true,
            "binaries" or "auto" => OperatingSystem.IsLinux()
                ? false
                : throw new DistributedApplicationException("No container runtime answers (docker, podman), and without one the servers run on Linux only."),
            var other => throw new DistributedApplicationException($"Parameters__servers is auto, binaries or containers, not {other}."),
        };

    /// <summary>
    /// Whether what is published leaves the servers out, and asks whoever deploys it for connection strings instead
    /// (<c>Parameters:servers</c> is <c>managed</c>).
    /// </summary>
    public static bool UsesManagedServers(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode && builder.Setting("servers", "") == "managed";

    /// <summary>The programs of the servers that run from binaries.</summary>
    public static ServerPrograms ServerPrograms(this IDistributedApplicationBuilder builder) => Choice(builder).Programs;

    /// <summary>One per application: the runtime is asked once, and what is missing is said in one message.</summary>
    private static ServerChoice Choice(IDistributedApplicationBuilder builder)
    {
        if (builder.Services.FirstOrDefault(service => service.ServiceType == typeof(ServerChoice))?.ImplementationInstance is ServerChoice known)
            return known;
        var choice = new ServerChoice();
        builder.Services.AddSingleton(choice);
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            choice.Programs.ThrowIfMissing();
            return Task.CompletedTask;
        });
        return choice;
    }

    private sealed class ServerChoice
    {
        private readonly Lazy<bool> runtimeAnswers = new(() => Answers("docker") || Answers("podman"));

        public ServerPrograms Programs { get; } = new();

        public bool RuntimeAnswers => runtimeAnswers.Value;

        /// <summary>The client alone is no runtime: the engine behind it must answer.</summary>
        private static bool Answers(string client)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(client, ["info", "--format", "json"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                if (process.WaitForExit(RuntimePatience))
                    return process.ExitCode == 0;
                process.Kill(entireProcessTree: true);
                return false;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not installed.
                return false;
            }
        }
    }
}
